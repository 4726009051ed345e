import Foundation
import HTTPTypes
import Inference
import TestSupport
import Testing

@Suite("A streamed transcript", .hangGuard)
struct TranscriptStreamTests {
    private func events(_ reply: Surface.Reply) throws -> [[String: Any]] {
        #expect(reply.headers[.contentType] == "text/event-stream")
        return try reply.body.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { event in
            #expect(event.hasPrefix("data: "))
            return try #require(JSONSerialization.jsonObject(with: Data(event.dropFirst(6).utf8)) as? [String: Any])
        }
    }

    @Test("comes by its segments, and ends with the whole", arguments: ["/v1", "/v1/openai"])
    func deltas(base: String) async throws {
        let reply = try await Surface(FakeRunners()).transcribe([FormPart("stream", "true")], base: base)
        let events = try events(reply)
        #expect(
            events.map { $0["type"] as? String }
                == ["transcript.text.delta", "transcript.text.delta", "transcript.text.done"])
        let deltas = events.compactMap { $0["delta"] as? String }
        #expect(deltas == ["Guten Tag,", #" "Welt" & <Mond> --> da."#])
        #expect(events.last?["text"] as? String == deltas.joined())
        let usage = try #require(events.last?["usage"] as? [String: Any])
        #expect(usage["type"] as? String == "duration")
        #expect(usage["seconds"] as? Double == 3.5)
    }

    @Test("says nothing of spaces before and behind it, and is what comes as a whole")
    func spaces() async throws {
        let texts = ["  ", " a ", "", " ", "b\n", "c", "  \n"]
        let script: [TranscriptionEvent] =
            texts.map { .segment(TranscriptionSegment(id: 0, seek: 0, start: 0, end: 1, text: $0)) }
            + [.finished(.init(duration: 1))]
        let runners = FakeRunners(speech: FakeTranscription(script))
        let streamed = try events(try await Surface(runners).transcribe([FormPart("stream", "true")]))
        let whole = try await Surface(runners).transcribe().json()["text"] as? String
        #expect(streamed.compactMap { $0["delta"] as? String }.joined() == whole)
        #expect(streamed.last?["text"] as? String == whole)
        #expect(whole == "a  b\nc")
    }

    @Test("ends with the error where it fails midway, in its dialect")
    func failure() async throws {
        let script = Array(FakeTranscription.transcript.prefix(2))
        for (base, fields) in [("/v1", 1), ("/v1/openai", 7)] {
            let error = InferenceError(.internal, "Broken.")
            let speech = FakeTranscription(script, then: error)
            let events = try events(
                try await Surface(FakeRunners(speech: speech)).transcribe([FormPart("stream", "true")], base: base))
            #expect(events.count == 2)
            #expect((events.last?["error"] as? [String: Any])?["message"] as? String == "Broken.")
            #expect(events.last?.count == fields)
        }
        let early = FakeTranscription(script)
        let events = try events(
            try await Surface(FakeRunners(speech: early)).transcribe([FormPart("stream", "true")]))
        #expect((events.last?["error"] as? [String: Any])?["code"] as? String == "model_unavailable")
    }

    @Test("is plain HTTP where it cannot begin")
    func refusal() async throws {
        let speech = FakeTranscription(refusing: InferenceError(.overloaded, "Full."))
        let reply = try await Surface(FakeRunners(speech: speech)).transcribe([FormPart("stream", "true")])
        #expect(reply.status == 429)
    }
}
