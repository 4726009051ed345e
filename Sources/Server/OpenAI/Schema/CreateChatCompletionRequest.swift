import Inference
import Runners

/// The body of `POST …/chat/completions`. Each field's rule is the line that reads it.
package struct CreateChatCompletionRequest: Decodable, Sendable {
    let model: String
    let stream: Bool
    let includesUsage: Bool
    /// The reply names its tier only where the request named one.
    let serviceTier: ServiceTier?
    private let tools: ToolSelection
    let keepAlive: KeepAlive?
    /// All that the model is asked.
    let request: ChatRequest

    enum CodingKeys: String, CodingKey {
        case model, messages, stop, stream, n, logprobs, prediction, grammar, modalities, audio, moderation, verbosity
        case topLogprobs = "top_logprobs"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case streamOptions = "stream_options"
        case serviceTier = "service_tier"
        case responseFormat = "response_format"
        case reasoningEffort = "reasoning_effort"
        case webSearchOptions = "web_search_options"
    }

    private typealias Fields = FieldReader<CodingKeys>

    package init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        model = fields.requiredText(.model)
        let messages = Self.messages(fields, decoder.faults)
        let sampling = try SamplingFields(from: decoder).parameters
        let stop = fields.object(.stop, as: StopSequences.self)
        let maximumTokens = Self.maximumTokens(fields)
        let choices = fields.integer(.n, in: 1...8)
        let topLogprobs = Self.topLogprobs(fields)
        let tools = try ToolSelection(from: decoder)
        let format = Self.outputFormat(fields, tools)
        let effort = fields.choice(.reasoningEffort, of: ReasoningEffortField.self)?.effort
        let prediction = fields.object(.prediction, as: PredictionContent.self)

        stream = fields.flag(.stream) ?? false
        let options = fields.object(.streamOptions, as: ChatCompletionStreamOptions.self)
        includesUsage = options?.includeUsage ?? false
        if fields.isPresent(.streamOptions), !stream {
            fields.fault(.invalidValue, .streamOptions, "is only allowed where `stream` is true")
        }
        serviceTier = fields.choice(.serviceTier, of: ServiceTier.self)
        self.tools = tools
        _ = try FieldsWithoutEffect(from: decoder)
        keepAlive = try KeepAliveField(from: decoder).time
        Self.refuseWhatCannotBeDone(fields)

        request = ChatRequest(
            messages: messages, tools: tools.tools, toolChoice: tools.choice,
            allowsParallelToolCalls: tools.allowsParallelCalls, outputFormat: format, reasoningEffort: effort,
            prediction: prediction?.text,
            parameters: GenerationParameters(
                sampling: sampling, stop: stop?.texts ?? [], maximumTokens: maximumTokens, choices: choices ?? 1,
                topLogprobs: topLogprobs))
    }

    /// How the answer tells the calls that it asks for.
    var callForm: ToolCallForm { tools.isDeprecatedForm ? .functionCall : .toolCalls }

    /// Whether the engine's name of a field may not be the request's.
    var namesFieldsItself: Bool { hasGrammar || tools.namesFieldsItself }

    /// This request's name of a field that the engine names.
    func field(_ field: String) -> String {
        hasGrammar && field == "response_format" ? "grammar" : tools.field(field)
    }

    private var hasGrammar: Bool {
        if case .grammar = request.outputFormat { true } else { false }
    }

    private static func messages(_ fields: Fields, _ faults: FaultCollector) -> [ChatMessage] {
        let before = faults.count
        fields.require(.messages, "an array of messages")
        let messages = fields.array(.messages, of: ChatCompletionRequestMessage.self, count: 1 ... .max) ?? []
        // Calls and their results can be matched only where every message could be read.
        guard faults.count == before else { return [] }
        return Conversation(messages, at: fields.container.codingPath + [CodingKeys.messages], faults).messages
    }

    /// The older name gives way to the newer one.
    private static func maximumTokens(_ fields: Fields) -> Int? {
        let older = fields.integer(.maxTokens, in: 1 ... .max)
        return fields.integer(.maxCompletionTokens, in: 1 ... .max) ?? older
    }

    private static func topLogprobs(_ fields: Fields) -> Int? {
        let areWanted = fields.flag(.logprobs) ?? false
        let count = fields.integer(.topLogprobs, in: 0...20)
        if count != nil, !areWanted {
            fields.fault(.invalidValue, .topLogprobs, "is only allowed where `logprobs` is true")
        }
        return areWanted ? count ?? 0 : nil
    }

    private static func outputFormat(_ fields: Fields, _ tools: ToolSelection) -> OutputFormat {
        let format = fields.object(.responseFormat, as: ResponseFormat.self)?.format ?? .text
        guard let grammar = fields.text(.grammar) else { return format }
        if grammar.isEmpty { fields.fault(.invalidValue, .grammar, "expected a string that is not empty") }
        if format != .text {
            fields.fault(.invalidValue, .grammar, "is not allowed beside a `response_format` other than text")
        }
        if tools.choice != .none {
            fields.fault(.invalidValue, .grammar, "is not allowed beside tools that the model may call")
        }
        return .grammar(grammar)
    }

    private enum Verbosity: String, CaseIterable {
        case low, medium, high
    }

    /// What would change the answer and no model here can do.
    private static func refuseWhatCannotBeDone(_ fields: Fields) {
        _ = fields.array(.modalities, of: Modality.self, count: 1 ... .max)
        fields.refuse(.audio)
        fields.refuse(.moderation)
        fields.refuse(.webSearchOptions)
        let verbosity = fields.choice(.verbosity, of: Verbosity.self)
        fields.refuse(.verbosity, if: verbosity == .low || verbosity == .high, supported: "medium")
    }
}

/// How an answer tells the calls that it asks for.
package enum ToolCallForm: Sendable {
    /// Any number, in `tool_calls`.
    case toolCalls
    /// At most one, in the deprecated `function_call`.
    case functionCall
}
