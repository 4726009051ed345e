import Foundation
import Inference
import NIOCore
import RunnerProtocol
import Testing

@Suite("Lines of events")
struct EventLineTests {
    private static let end: [GenerationEvent] = [
        .finished(.length, choice: 1),
        .completed(TokenUsage(promptTokens: 3, cachedPromptTokens: 2, completionTokens: 1)),
    ]

    private struct Line: Decodable, Equatable {
        var choice: Int
        var text: String
    }

    private func decode(_ bytes: [UInt8], cutAt cuts: [Int] = []) -> (events: [GenerationEvent], failure: (any Error)?)
    {
        var decoder = EventLineDecoder()
        var events: [GenerationEvent] = []
        for (start, end) in zip([0] + cuts, cuts + [bytes.count]) {
            var chunk = ByteBuffer(bytes: bytes[start..<end])
            events += decoder.decode(&chunk)
        }
        return (events, decoder.failure)
    }

    private func bytes(_ events: [GenerationEvent]) throws -> [UInt8] {
        var buffer = ByteBuffer()
        for event in events { try EventLine.write(event, to: &buffer) }
        return Array(buffer.readableBytesView)
    }

    @Test("Every text comes back as it was", arguments: OddTexts.all)
    func textsComeBack(text: String) throws {
        let (events, failure) = decode(try bytes([.text(text)]))
        #expect(events == [.text(text)])
        #expect(failure == nil)
    }

    @Test("Every line is JSON that a general decoder reads the same", arguments: OddTexts.all)
    func linesAreJSON(text: String) throws {
        let object = try JSONDecoder().decode(Line.self, from: Data(bytes([.text(text, choice: 12)])))
        #expect(object == Line(choice: 12, text: text))
        #expect(try bytes([.text(text)]).count { $0 == UInt8(ascii: "\n") } == 1)
    }

    @Test("However the bytes are cut, the events are the same")
    func cutsDoNotMatter() throws {
        let events: [GenerationEvent] = [.text("Hé\"llo\\\n"), .text(""), .text("🦙\u{0}\u{2028}")] + Self.end
        let bytes = try bytes(events)
        for first in 0...bytes.count {
            #expect(decode(bytes, cutAt: [first]).events == events)
            let second = min(bytes.count, first + 7)
            #expect(decode(bytes, cutAt: [first, second]).events == events)
        }
        #expect(decode(bytes, cutAt: Array(1..<bytes.count)).events == events)
    }

    @Test("An error comes after the events before it, in the same chunk or not")
    func errorsComeAfterEvents() throws {
        let error = InferenceError(
            .overloaded, "No \"room\"\n🦙", parameter: "messages[3].content", retryAfterSeconds: 7)
        var buffer = ByteBuffer(bytes: try bytes([.text("a"), .text("b")]))
        try EventLine.write(error, to: &buffer)
        let bytes = Array(buffer.readableBytesView)
        for cut in 0...bytes.count {
            let (events, failure) = decode(bytes, cutAt: [cut])
            #expect(events == [.text("a"), .text("b")])
            #expect(failure as? InferenceError == error)
        }
    }

    @Test("A line of another writer is read, its escapes too")
    func otherWritersAreRead() {
        let lines = #"{"text":"\u00e9\ud83e\udd99\/"}"# + "\n" + #"{ "text" : "x" }"# + "\n"
        #expect(decode(Array(lines.utf8)).events == [.text("é🦙/"), .text("x")])
    }

    @Test("A line that is no event is an internal error", arguments: ["nonsense", "{}", "[]", "", "{\"text\":1}"])
    func nonsenseIsAnError(line: String) {
        let (events, failure) = decode(Array((line + "\n").utf8))
        #expect(events.isEmpty)
        #expect((failure as? InferenceError)?.kind == .internal)
    }
}
