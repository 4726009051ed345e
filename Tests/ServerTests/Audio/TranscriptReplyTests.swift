import Foundation
import HTTPTypes
import Inference
import TestSupport
import Testing

@Suite("A transcript comes back", .hangGuard)
struct TranscriptReplyTests {
    static let text = #"Guten Tag, "Welt" & <Mond> --> da."#

    @Test("as JSON where nothing else is asked for, with the length of the sound", arguments: ["/v1", "/v1/openai"])
    func json(base: String) async throws {
        for fields in [[], [FormPart("response_format", "json")]] {
            let reply = try await Surface(FakeRunners()).transcribe(fields, base: base)
            #expect(reply.status == 200)
            #expect(reply.headers[.contentType] == "application/json")
            let json = try reply.json()
            #expect(json["text"] as? String == Self.text)
            let usage = try #require(json["usage"] as? [String: Any])
            #expect(usage["type"] as? String == "duration")
            #expect(usage["seconds"] as? Double == 3.5)
        }
    }

    @Test("as text, which the promised interface knows within JSON alone")
    func text() async throws {
        let fields = [FormPart("response_format", "text")]
        let plain = try await Surface(FakeRunners()).transcribe(fields)
        #expect(plain.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(plain.body == Self.text + "\n")
        let wrapped = try await Surface(FakeRunners()).transcribe(fields, base: "/v1/openai")
        #expect(wrapped.headers[.contentType] == "application/json")
        #expect(try wrapped.json()["text"] as? String == Self.text)
    }

    @Test("with all that is known of its segments", arguments: ["/v1", "/v1/openai"])
    func verbose(base: String) async throws {
        let reply = try await Surface(FakeRunners()).transcribe(
            [FormPart("response_format", "verbose_json")], base: base)
        let json = try reply.json()
        #expect(json["task"] as? String == "transcribe")
        #expect(json["language"] as? String == "german")
        #expect(json["duration"] as? Double == 3.5)
        #expect(json["text"] as? String == Self.text)
        #expect(json["words"] == nil)
        let segments = try #require(json["segments"] as? [[String: Any]])
        #expect(segments.map { $0["id"] as? Int } == [0, 1])
        #expect(segments.map { $0["seek"] as? Int } == [0, 150])
        // To the millisecond, and within the sound.
        #expect(segments.map { $0["start"] as? Double } == [0.3, 1.5])
        #expect(segments.map { $0["end"] as? Double } == [1.5, 3.5])
        #expect(segments.first?["text"] as? String == " Guten Tag,")
        #expect(segments.map { $0["tokens"] as? [Int] } == [[50_364, 7, 50_439], [9]])
        #expect(segments.map { $0["avg_logprob"] as? Double } == [-0.25, -9999])
        #expect(segments.map { $0["compression_ratio"] as? Double } == [0.75, 0])
        #expect(segments.map { $0["no_speech_prob"] as? Double } == [0.125, 0.5])
        #expect(segments.allSatisfy { $0["temperature"] is Double && $0.count == 10 })
    }

    @Test(
        "with the times of its words where they are asked for, however the field is written",
        arguments: ["timestamp_granularities[]", "timestamp_granularities", "timestamp_granularities[0]"])
    func words(name: String) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).transcribe([
            FormPart("response_format", "verbose_json"), FormPart(name, "word"), FormPart(name, "segment"),
        ])
        let words = try #require(try reply.json()["words"] as? [[String: Any]])
        #expect(words.map { $0["word"] as? String } == ["Guten", "Tag,", "Welt"])
        #expect(words.map { $0["start"] as? Double } == [0.3, 0.9, 0])
        #expect(words.map { $0["end"] as? Double } == [0.9, 1.5, 3.5])
        #expect(runners.speech.received.map(\.request.wordTimestamps) == [true])
    }

    @Test("as subtitles with commas, and without the arrow that would be a time's")
    func srt() async throws {
        let reply = try await Surface(FakeRunners()).transcribe([FormPart("response_format", "srt")])
        #expect(reply.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(
            reply.body == """
                1
                00:00:00,300 --> 00:00:01,500
                Guten Tag,

                2
                00:00:01,500 --> 00:00:03,500
                "Welt" & <Mond> -> da.


                """)
    }

    @Test("as WebVTT with points, and with escapes")
    func vtt() async throws {
        let reply = try await Surface(FakeRunners()).transcribe([FormPart("response_format", "vtt")])
        #expect(
            reply.body == """
                WEBVTT

                00:00:00.300 --> 00:00:01.500
                Guten Tag,

                00:00:01.500 --> 00:00:03.500
                "Welt" &amp; &lt;Mond&gt; --&gt; da.


                """)
    }

    @Test("as subtitles that count hours, leave out silence, and keep each text on a line")
    func longSubtitles() async throws {
        let events: [TranscriptionEvent] = [
            .began(.init(language: "en")),
            .segment(TranscriptionSegment(id: 0, seek: 0, start: 359_999.9996, end: 360_001, text: " a\n\n b\r\n")),
            .segment(TranscriptionSegment(id: 1, seek: 0, start: 360_001, end: 360_002, text: " \n")),
            .segment(TranscriptionSegment(id: 2, seek: 0, start: .nan, end: .infinity, text: "c")),
            .finished(.init(duration: 400_000)),
        ]
        let runners = FakeRunners(speech: FakeTranscription(events))
        let reply = try await Surface(runners).transcribe([FormPart("response_format", "srt")])
        #expect(
            reply.body == """
                1
                100:00:00,000 --> 100:00:01,000
                a b

                2
                00:00:00,000 --> 00:00:00,000
                c


                """)
    }

    @Test("empty where nothing was said", arguments: ["json", "verbose_json", "text", "srt", "vtt"])
    func silence(format: String) async throws {
        let speech = FakeTranscription([.began(.init(language: "en")), .finished(.init(duration: 600))])
        let reply = try await Surface(FakeRunners(speech: speech)).transcribe([FormPart("response_format", format)])
        #expect(reply.status == 200)
        switch format {
        case "text": #expect(reply.body == "\n")
        case "srt": #expect(reply.body == "")
        case "vtt": #expect(reply.body == "WEBVTT\n\n")
        default: #expect(try reply.json()["text"] as? String == "")
        }
    }

    @Test("in English where it is translated", arguments: ["/v1", "/v1/openai"])
    func translation(base: String) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).transcribe(
            [FormPart("response_format", "verbose_json"), FormPart("prompt", "Moon")], to: "translations", base: base)
        #expect(try reply.json()["language"] as? String == "english")
        #expect(try reply.json()["task"] as? String == "translate")
        #expect(runners.speech.received.map(\.request) == [TranscriptionRequest(task: .translate, prompt: "Moon")])
    }
}
