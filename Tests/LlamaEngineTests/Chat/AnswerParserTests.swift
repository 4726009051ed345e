import Inference
import LlamaEngine
import Synchronization
import Testing

@Suite("AnswerParser")
struct AnswerParserTests {
    private func parser(_ name: String, tools: [Tool] = []) throws -> AnswerParser? {
        let template = try ChatTemplate(
            source: EngineFiles.text("templates/\(name).jinja"), beginOfSequence: "<BOS>", endOfSequence: "<EOS>")
        return try template.render(
            ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")], tools: tools)
        ).parser
    }

    private let tool = Tool(name: "look", parameters: #"{"type": "object", "properties": {"at": {"type": "string"}}}"#)

    @Test("A model that neither thinks nor calls needs none")
    func plainTextNeedsNone() throws {
        #expect(try parser("Qwen-Qwen2.5-7B-Instruct") == nil)
        #expect(try parser("microsoft-Phi-3.5-mini-instruct") == nil)
        #expect(try parser("Qwen-Qwen3-0.6B") != nil)
    }

    @Test("Text outside of the format is the answer as it stands, none of it lost")
    func brokenFormatIsText() throws {
        let answer = "<tool_call>\n{\"name\": \"look\", \"arguments\": oh\n</tool_call> never mind"
        var parser = try #require(try parser("Qwen-Qwen2.5-7B-Instruct", tools: [tool]))
        let (deltas, reason) = parser.finish(.stop)
        #expect(deltas.isEmpty && reason == .stop)
        parser = try #require(try self.parser("Qwen-Qwen2.5-7B-Instruct", tools: [tool])).timed { .zero }
        let text = answer.map { parser.append(String($0)) }.flatMap { $0 } + parser.finish(.stop).deltas
        #expect(text.map(\.text).joined() == answer)
    }

    @Test("The beginning of a mark waits, and is text where the mark does not come")
    func partialMarks() throws {
        var parser = try #require(try parser("Qwen-Qwen2.5-7B-Instruct", tools: [tool])).timed { .zero }
        #expect(parser.append("1 <tool").map(\.text).joined() == "1 ")
        let (deltas, reason) = parser.finish(.stop)
        #expect(deltas.map(\.text).joined() == "<tool")
        #expect(reason == .stop)
    }

    @Test("An answer that ends for want of tokens in the middle of a call does not end by calling")
    func cutCallIsLength() throws {
        var parser = try #require(try parser("Qwen-Qwen2.5-7B-Instruct", tools: [tool]))
        _ = parser.append("<tool_call>\n{\"name\": \"look\", \"arguments\": {\"at\": \"th")
        let (deltas, reason) = parser.finish(.length)
        #expect(reason == .length)
        #expect(deltas.allSatisfy { $0.text.isEmpty })
    }

    @Test("After a reading, nothing is read for twenty times as long")
    func readingIsPaced() throws {
        let clock = Mutex(Duration.zero)
        let parser = try #require(try parser("Qwen-Qwen3-0.6B"))
        // Each look at the clock takes a second: a reading takes one, and the next waits for twenty.
        var paced = parser.timed {
            clock.withLock {
                $0 += .seconds(1); return $0
            }
        }
        let deltas = (0..<30).map { paced.append("\($0) ") }
        #expect(!deltas[0].isEmpty)
        #expect(deltas[1..<18].joined().isEmpty)
        #expect(deltas[18...].contains { !$0.isEmpty })
    }

    @Test("Thoughts are counted up to the end of their mark")
    func lengthOfThoughts() throws {
        var parser = try #require(try parser("Qwen-Qwen3-0.6B"))
        _ = parser.append("<think>\nHm.\n</think>\n\nYes.")
        _ = parser.finish(.stop)
        #expect(parser.reasoningUTF8Length == "<think>\nHm.\n</think>".utf8.count)
    }
}
