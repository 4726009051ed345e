import CLlamaShim
import Inference

/// The tools that an answer may, or has to, call.
struct CallableTools {
    /// The most calls of one answer in the form that is ours.
    private static let maximumCalls = 16

    private let tools: [JSONValue]
    private let schemas: SchemaPreparation
    let isRequired: Bool
    private let isParallel: Bool

    /// `nil` where nothing may be called.
    init?(_ request: ChatRequest, inParallel callsInParallel: Bool) throws {
        guard !request.tools.isEmpty, request.toolChoice != .none else { return nil }
        try Self.checkNames(request.tools)
        var schemas = SchemaPreparation()
        var tools: [JSONValue] = []
        for (index, tool) in request.tools.enumerated() {
            if case .function(let name) = request.toolChoice, tool.name != name { continue }
            let parameters = try schemas.arguments(of: tool, parameter: "tools[\(index)].function.parameters")
            tools.append(tool.json(parameters: parameters))
        }
        guard !tools.isEmpty else {
            throw InferenceError(
                .invalidRequest, "No tool has the name that has to be called; name one of tools.",
                parameter: "tool_choice")
        }
        self.tools = tools
        self.schemas = schemas
        isRequired = request.toolChoice != .auto
        isParallel = request.allowsParallelToolCalls && callsInParallel
    }

    /// In a grammar's symbols only letters, digits and hyphens differ.
    private static func checkNames(_ tools: [Tool]) throws {
        var seen: Set<String> = []
        for (index, tool) in tools.enumerated() {
            let symbol = String(tool.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
            guard !tool.name.isEmpty, seen.insert(symbol).inserted else {
                throw InferenceError(
                    .invalidRequest, "The names of tools have to differ in their letters and digits.",
                    parameter: "tools[\(index)].function.name")
            }
        }
    }

    func chat(
        _ shown: TemplateHandle.Rendering, _ conversation: Conversation, by template: borrowing TemplateHandle
    ) throws -> RenderedChat {
        var answer: TemplateHandle.Rendering
        if conversation.style == .instructed {
            answer = shown
            let format = try ownFormat(after: shown.thinking)
            (answer.grammar, answer.lazy, answer.triggers) = (format.grammar, format.lazy, format.triggers)
            (answer.parser, answer.format, answer.generationPrompt) = (format.parser, format.format, "")
            answer.preserved = shown.thinks ? [shown.thinkingStart] + shown.thinkingEnds : []
        } else {
            let request = conversation.request(calling: tools, isRequired: isRequired, isParallel: isParallel)
            answer = try ChatTemplate.render(request, by: template)
            answer.grammar = CallGrammar.tightening(answer.grammar, isRequired: isRequired, isParallel: isParallel)
        }
        guard !isRequired || !answer.grammar.isEmpty else {
            throw InferenceError(
                .unsupported, "This model's format of calls cannot be enforced; let it choose whether to call.",
                parameter: "tool_choice")
        }
        return RenderedChat(
            prompt: shown.prompt, stops: answer.stops,
            grammar: answer.grammar.isEmpty ? nil : answer.source(schemas.completing(answer.grammar)),
            preservedTokens: answer.preserved, parser: try AnswerParser(answer))
    }

    private struct OwnFormat: Decodable {
        var grammar: String
        var lazy: Bool
        var triggers: [TemplateHandle.Rendering.Trigger]
        var parser: String
        var format: Int32
    }

    private func ownFormat(after thinking: GrammarSource.Thinking?) throws -> OwnFormat {
        var request = JSONObject([
            "tools": .array(tools), "required": .bool(isRequired),
            "maximum_calls": .number("\(isParallel ? Self.maximumCalls : 1)"),
        ])
        if let thinking, let end = thinking.ends.first {
            request["thinking_start"] = .string(thinking.start)
            request["thinking_end"] = .string(end)
            request["thinking_is_open"] = .bool(thinking.isOpen)
        }
        var reason: UnsafeMutablePointer<CChar>?
        guard let reply = dpais_tool_format(JSONValue.object(request).text, &reason) else {
            throw InferenceError(
                .invalidRequest, "The tools cannot be made a grammar: \(text(taking: reason)).", parameter: "tools")
        }
        return try TemplateHandle.decode(OwnFormat.self, reply)
    }
}

extension TemplateHandle.Rendering {
    /// The grammar of this rendering, with its text as it is to be run.
    func source(_ gbnf: String) -> GrammarSource {
        guard lazy else {
            return GrammarSource(
                gbnf: gbnf, beginning: .atOnce(after: generationPrompt), preservedTokens: preserved)
        }
        let triggers: [GrammarSource.Trigger] = triggers.map { $0.kind == "word" ? .word($0.text) : .pattern($0.text) }
        return GrammarSource(
            gbnf: gbnf, beginning: .atTrigger(triggers, thinking: thinking), preservedTokens: preserved)
    }

    var thinking: GrammarSource.Thinking? {
        guard thinks, !thinkingEnds.isEmpty else { return nil }
        var isOpen = false
        if !thinkingStart.isEmpty, let start = generationPrompt.ranges(of: thinkingStart).last {
            isOpen = !thinkingEnds.contains { generationPrompt[start.upperBound...].contains($0) }
        }
        return GrammarSource.Thinking(start: thinkingStart, ends: thinkingEnds, isOpen: isOpen)
    }
}
