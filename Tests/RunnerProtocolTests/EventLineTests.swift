import Foundation
import Inference
import NIOCore
import RunnerProtocol
import Testing

@Suite("Lines of events")
struct EventLineTests {
    private static let finished = GenerationEvent.finished(
        .init(reason: .length, usage: TokenUsage(promptTokens: 3, cachedPromptTokens: 2, completionTokens: 1)))

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
        let (events, failure) = decode(try bytes([.token(text)]))
        #expect(events == [.token(text)])
        #expect(failure == nil)
    }

    @Test("Every line is JSON that a general decoder reads the same", arguments: OddTexts.all)
    func linesAreJSON(text: String) throws {
        let object = try JSONDecoder().decode([String: String].self, from: Data(bytes([.token(text)])))
        #expect(object == ["token": text])
        #expect(try bytes([.token(text)]).count { $0 == UInt8(ascii: "\n") } == 1)
    }

    @Test("However the bytes are cut, the events are the same")
    func cutsDoNotMatter() throws {
        let events: [GenerationEvent] = [.token("Hé\"llo\\\n"), .token(""), .token("🦙\u{0}\u{2028}"), Self.finished]
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
        var buffer = ByteBuffer(bytes: try bytes([.token("a"), .token("b")]))
        try EventLine.write(error, to: &buffer)
        let bytes = Array(buffer.readableBytesView)
        for cut in 0...bytes.count {
            let (events, failure) = decode(bytes, cutAt: [cut])
            #expect(events == [.token("a"), .token("b")])
            #expect(failure as? InferenceError == error)
        }
    }

    @Test("A line of another writer is read, its escapes too")
    func otherWritersAreRead() {
        let lines = #"{"token":"\u00e9\ud83e\udd99\/"}"# + "\n" + #"{ "token" : "x" }"# + "\n"
        #expect(decode(Array(lines.utf8)).events == [.token("é🦙/"), .token("x")])
    }

    @Test("A line that is no event is an internal error", arguments: ["nonsense", "{}", "[]", "", "{\"token\":1}"])
    func nonsenseIsAnError(line: String) {
        let (events, failure) = decode(Array((line + "\n").utf8))
        #expect(events.isEmpty)
        #expect((failure as? InferenceError)?.kind == .internal)
    }
}
