import Foundation
import Inference
import LlamaEngine
import Testing

/// Answers as the models of these families write them. The texts follow the formats in llama.cpp's tests/test-chat.cpp.
@Suite("Answers in the models' own formats")
struct AnswerFormatTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var template: String
        var answer: String
        var reasoning = ""
        var text = ""
        var calls: [ToolCall] = []

        var testDescription: String { "\(template): \(answer.prefix(40))" }
    }

    private static let paris = ToolCall(id: "", name: "get_weather", arguments: #"{"city":"Paris"}"#)
    private static let rome = ToolCall(id: "", name: "get_weather", arguments: #"{"city":"Rome"}"#)
    private static let hermes =
        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>"
    private static let hermesRome = hermes.replacing("Paris", with: "Rome")

    static let examples = [
        Example(template: "Qwen-Qwen2.5-7B-Instruct", answer: "Hello, <b> & co.\n", text: "Hello, <b> & co.\n"),
        Example(template: "Qwen-Qwen2.5-7B-Instruct", answer: hermes, calls: [paris]),
        Example(template: "Qwen-Qwen2.5-7B-Instruct", answer: "\(hermes)\n\(hermesRome)", calls: [paris, rome]),
        Example(
            template: "Qwen-Qwen3-0.6B", answer: "<think>\nWhere?\n</think>\n\nThere.", reasoning: "Where?",
            text: "There."),
        Example(
            template: "Qwen-Qwen3-0.6B", answer: "<think>\nWhere?\n</think>\n\n\(hermes)", reasoning: "Where?",
            calls: [paris]),
        Example(template: "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use", answer: hermes, calls: [paris]),
        Example(
            template: "meta-llama-Llama-3.1-8B-Instruct",
            answer: #"{"name": "get_weather", "parameters": {"city": "Paris"}}"#, calls: [paris]),
        Example(
            template: "mistralai-Mistral-Nemo-Instruct-2407",
            answer: #"[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Paris"}, "id": "123456789"}]"#,
            calls: [ToolCall(id: "123456789", name: "get_weather", arguments: #"{"city":"Paris"}"#)]),
        Example(
            template: "openai-gpt-oss-120b",
            answer: "<|channel|>analysis<|message|>Where?<|end|>"
                + "<|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>"
                + #"{"city": "Paris"}"#, reasoning: "Where?", calls: [paris]),
        Example(
            template: "openai-gpt-oss-120b",
            answer: "<|channel|>analysis<|message|>Where?<|end|>"
                + "<|start|>assistant<|channel|>final<|message|>There.", reasoning: "Where?", text: "There."),
        Example(
            template: "google-gemma-4-31B-it",
            answer: #"<|tool_call>call:get_weather{city:<|"|>Paris<|"|>}<tool_call|>"#,
            calls: [paris]),
        Example(
            template: "meetkai-functionary-medium-v3.1", answer: #"<function=get_weather>{"city": "Paris"}</function>"#,
            calls: [paris]),
        Example(
            template: "meetkai-functionary-medium-v3.2", answer: "get_weather\n{\"city\": \"Paris\"}", calls: [paris]),
        Example(template: "meetkai-functionary-medium-v3.2", answer: "all\nHello.", text: "Hello."),
        Example(
            template: "Qwen3-Coder",
            answer: "<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n"
                + "</parameter>\n</function>\n</tool_call>", calls: [paris]),
        Example(
            template: "moonshotai-Kimi-K2",
            answer: "<|tool_calls_section_begin|><|tool_call_begin|>"
                + "functions.get_weather:0<|tool_call_argument_begin|>{\"city\": \"Paris\"}<|tool_call_end|>"
                + "<|tool_calls_section_end|>",
            calls: [ToolCall(id: "functions.get_weather:0", name: "get_weather", arguments: #"{"city":"Paris"}"#)]),
        Example(
            template: "llama-cpp-deepseek-r1", answer: "Where?</think>There.", reasoning: "Where?", text: "There."),
        // These two know no tools: the form of the calls is ours.
        Example(
            template: "microsoft-Phi-3.5-mini-instruct", answer: "I look.\n\(hermes)", text: "I look.\n", calls: [paris]
        ),
        Example(template: "google-gemma-2-2b-it", answer: "\(hermes)\n\(hermesRome)", calls: [paris, rome]),
    ]

    private static let tool = Tool(
        name: "get_weather", description: "The weather of a city.",
        parameters: #"{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"#)

    private func parser(_ name: String) throws -> AnswerParser {
        let template = try ChatTemplate(
            source: EngineFiles.text("templates/\(name).jinja"), beginOfSequence: "<BOS>", endOfSequence: "<EOS>")
        let request = ChatRequest(messages: [ChatMessage(role: .user, content: "Weather?")], tools: [Self.tool])
        return try #require(try template.render(request).parser)
    }

    /// An answer put together again from its pieces.
    private struct Whole {
        var reasoning = ""
        var text = ""
        var calls: [ToolCall] = []
        var reason = FinishReason.stop

        mutating func add(_ deltas: [AnswerDelta]) {
            for delta in deltas {
                reasoning += delta.reasoning
                text += delta.text
                guard let call = delta.toolCall else { continue }
                if call.index == calls.count {
                    calls.append(ToolCall(id: call.id ?? "", name: call.name ?? "", arguments: ""))
                }
                calls[call.index].arguments += call.arguments
            }
        }
    }

    private func read(_ parser: AnswerParser, _ pieces: [String], _ reason: FinishReason = .stop) -> Whole {
        var (parser, whole) = (parser, Whole())
        for piece in pieces { whole.add(parser.append(piece)) }
        let last = parser.finish(reason)
        whole.add(last.deltas)
        whole.reason = last.reason
        return whole
    }

    /// Without white space between values, as formats differ in it.
    private func compact(_ json: String) throws -> String {
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
        return String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
    }

    @Test("An answer is taken apart", arguments: examples)
    func takesApart(example: Example) throws {
        let whole = read(try parser(example.template), [example.answer])
        #expect(whole.reasoning == example.reasoning)
        #expect(whole.text == example.text)
        #expect(whole.reason == (example.calls.isEmpty ? .stop : .toolCalls))
        #expect(whole.calls.map(\.name) == example.calls.map(\.name))
        #expect(try whole.calls.map { try compact($0.arguments) } == example.calls.map(\.arguments))
        for (call, expected) in zip(whole.calls, example.calls) where !expected.id.isEmpty {
            #expect(call.id == expected.id)
        }
        for (call, expected) in zip(whole.calls, example.calls) where expected.id.isEmpty {
            #expect(call.id.wholeMatch(of: /call_[A-Za-z0-9]{24}/) != nil)
        }
    }

    @Test("Its pieces come to the same, character by character", arguments: examples)
    func streams(example: Example) throws {
        let parser = try parser(example.template).timed { .zero }
        let (streamed, whole) = (read(parser, example.answer.map(String.init)), read(parser, [example.answer]))
        #expect(streamed.reasoning == whole.reasoning)
        #expect(streamed.text == whole.text)
        #expect(streamed.calls.map(\.arguments) == whole.calls.map(\.arguments))
        #expect(streamed.calls.map(\.name) == whole.calls.map(\.name))
        #expect(streamed.reason == whole.reason)
    }

    @Test(
        "Whatever its length, a part of an answer is no fault and tells nothing that the whole takes back",
        arguments: examples)
    func partsAreParts(example: Example) throws {
        let parser = try parser(example.template)
        let whole = read(parser, [example.answer])
        for length in 0..<example.answer.count {
            let part = read(parser, [String(example.answer.prefix(length))], .length)
            #expect(part.reason == .length)
            #expect(whole.reasoning.hasPrefix(part.reasoning))
            for (call, complete) in zip(part.calls, whole.calls) {
                #expect(call.name == complete.name)
                #expect(complete.arguments.hasPrefix(call.arguments))
            }
        }
    }
}
