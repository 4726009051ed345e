import Foundation
import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import Server
import TestSupport
import Testing

@Suite("A sound to be written down", .hangGuard)
struct TranscriptionRequestTests {
    private static let files = [
        SoundFiles.wav(), SoundFiles.mp3, SoundFiles.taggedMP3, SoundFiles.flac, SoundFiles.ogg,
        SoundFiles.wav(samples: 1_000_000), SoundFiles.wav(before: Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]),
    ]

    // Not the files themselves: each argument is written as JSON, which takes long for a large one.
    @Test("is given to the model as it came", arguments: files.indices, ["/v1", "/v1/openai"])
    func given(file: Int, base: String) async throws {
        let file = Self.files[file]
        let runners = FakeRunners()
        #expect(try await Surface(runners).transcribe(file: file, base: base).status == 200)
        #expect(runners.speech.received.map(\.content) == [Data(file)])
        #expect(runners.speech.received.map(\.request) == [TranscriptionRequest()])
    }

    @Test("comes with every field, in both bases")
    func fields() async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).transcribe(
            [
                FormPart("language", "German"), FormPart("prompt", "Ann, Bob"), FormPart("temperature", "0.5"),
                FormPart("response_format", "verbose_json"), FormPart("timestamp_granularities[]", "word"),
                FormPart("stream", "False"), FormPart("chunking_strategy", "auto"), FormPart("beam_size", "8"),
            ], base: "/v1/openai")
        #expect(reply.status == 200)
        #expect(
            runners.speech.received.map(\.request) == [
                TranscriptionRequest(
                    language: "de", prompt: "Ann, Bob", temperature: 0.5, beamSize: 8, wordTimestamps: true)
            ])
    }

    @Test(
        "is in a language by its code or its name",
        arguments: [
            ("de", "de"), ("EN", "en"), ("haitian creole", "ht"), ("jv", "jw"), ("yue", "yue"), ("Welsh", "cy"),
        ])
    func languages(text: String, code: String) async throws {
        let runners = FakeRunners()
        _ = try await Surface(runners).transcribe([FormPart("language", text)])
        #expect(runners.speech.received.map(\.request.language) == [code])
    }

    @Test(
        "is refused with the field's name, before any model is asked",
        arguments: [
            ([FormPart("language", "xx")], "language", "invalid_value"),
            ([FormPart("language", "en-US")], "language", "invalid_value"),
            ([FormPart("language", "")], "language", "invalid_value"),
            ([FormPart("language", [0xFF])], "language", "invalid_value"),
            ([FormPart("temperature", "1.1")], "temperature", "out_of_range"),
            ([FormPart("temperature", "-0.1")], "temperature", "out_of_range"),
            ([FormPart("temperature", "nan")], "temperature", "invalid_type"),
            ([FormPart("temperature", "warm")], "temperature", "invalid_type"),
            ([FormPart("beam_size", "0")], "beam_size", "out_of_range"),
            ([FormPart("beam_size", "9")], "beam_size", "out_of_range"),
            ([FormPart("response_format", "xml")], "response_format", "invalid_value"),
            ([FormPart("response_format", "diarized_json")], "response_format", "unsupported_value"),
            ([FormPart("response_format", "srt"), FormPart("stream", "true")], "response_format", "unsupported_value"),
            ([FormPart("stream", "yes")], "stream", "invalid_type"),
            ([FormPart("timestamp_granularities[]", "word")], "timestamp_granularities", "unsupported_value"),
            (
                [FormPart("timestamp_granularities[]", "day"), FormPart("response_format", "verbose_json")],
                "timestamp_granularities", "invalid_value"
            ),
            ([FormPart("include[]", "logprobs")], "include", "unsupported_parameter"),
            ([FormPart("keywords[]", "moon"), FormPart("keywords[]", "sun")], "keywords", "unsupported_parameter"),
            ([FormPart("languages[]", "de")], "languages", "unsupported_parameter"),
            ([FormPart("known_speaker_names[]", "Ann")], "known_speaker_names", "unsupported_parameter"),
            (
                [FormPart("known_speaker_references[]", Array(repeating: 65, count: 100_000))],
                "known_speaker_references", "unsupported_parameter"
            ),
            ([FormPart("chunking_strategy[type]", "server_vad")], "chunking_strategy", "unsupported_value"),
            ([FormPart("prompt", Array(repeating: 65, count: 65_537))], "prompt", "out_of_range"),
            ([FormPart("model", "listener")], "model", "invalid_value"),
            ([FormPart("file", SoundFiles.wav())], "file", "invalid_value"),
        ], ["/v1", "/v1/openai"])
    func wrongFields(wrong: (fields: [FormPart], param: String, code: String), base: String) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).transcribe(wrong.fields, base: base)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == wrong.param)
        #expect(try reply.error("code") == wrong.code)
        #expect(runners.speech.received.isEmpty)
    }

    @Test("needs its file and a model", arguments: ["transcriptions", "translations"], ["/v1", "/v1/openai"])
    func missing(endpoint: String, base: String) async throws {
        let surface = try await Surface(FakeRunners())
        let path = "\(base)/audio/\(endpoint)"
        let noModel = try await surface.send(FormPart.body([FormPart("file", SoundFiles.wav())]), to: path)
        #expect(try (noModel.status, noModel.error("param")) == (400, "model"))
        #expect(try noModel.error("code") == "missing_required_parameter")
        let noFile = try await surface.send(FormPart.body([FormPart("model", "listener")]), to: path)
        #expect(try (noFile.status, noFile.error("param")) == (400, "file"))
        let emptyModel = try await surface.send(
            FormPart.body([FormPart("model", ""), FormPart("file", SoundFiles.wav())]), to: path)
        #expect(try (emptyModel.status, emptyModel.error("param")) == (400, "model"))
        let nothing = try await surface.send(FormPart.body([]), to: path)
        let message = try #require(try nothing.error("message"))
        #expect(message.contains("file: ") && message.contains("model: "))
    }

    @Test("has fields that nobody knows, which the promised interface refuses by name")
    func unknownFields() async throws {
        let fields = [FormPart("wizard", Array(repeating: 7, count: 100_000)), FormPart("../../etc/passwd", "x")]
        let runners = FakeRunners()
        #expect(try await Surface(runners).transcribe(fields).status == 200)
        #expect(runners.speech.received.count == 1)
        let reply = try await Surface(runners).transcribe(fields, base: "/v1/openai")
        #expect(reply.status == 400)
        #expect(try reply.error("code") == "unsupported_parameter")
        let message = try #require(try reply.error("message"))
        #expect(message.contains("wizard: ") && message.contains("../../etc/passwd: "))
        // A translation has no language to choose.
        let translation = try await Surface(runners).transcribe(
            [FormPart("language", "en")], to: "translations", base: "/v1/openai")
        #expect(try (translation.status, translation.error("param")) == (400, "language"))
        #expect(runners.speech.received.count == 1)
    }

    @Test("names a model that is not installed by its dialect's status, and one for something else")
    func otherModels() async throws {
        for (base, status) in [("/v1", 404), ("/v1/openai", 400)] {
            let parts = [FormPart("file", SoundFiles.wav()), FormPart("model", "none")]
            let reply = try await Surface(FakeRunners()).send(
                FormPart.body(parts), to: base + "/audio/transcriptions")
            #expect(reply.status == status)
            #expect(try reply.error("code") == "model_not_found")
        }
        let parts = [FormPart("file", SoundFiles.wav()), FormPart("model", "tiny")]
        let reply = try await Surface(FakeRunners()).send(FormPart.body(parts), to: "/v1/audio/transcriptions")
        #expect(try (reply.status, reply.error("param")) == (400, "model"))
        #expect(try reply.error("message")?.contains("a transcription model") == true)
    }

    @Test(
        "is refused where its first bytes can be no sound, before any model is asked",
        arguments: [
            ([], "it is empty"), (Array("I am a sound, really.".utf8), "found something else"),
            (PictureFiles.gif, "found something else"), ([0, 0, 0, 24] + Array("ftypM4A ".utf8), "found MP4"),
            ([0x1A, 0x45, 0xDF, 0xA3, 1], "found WebM"), (SoundFiles.wav(rate: 0), "0 samples a second"),
            (SoundFiles.wav(channels: 0), "no channels"), (Array(SoundFiles.wav().prefix(20)), "cut short"),
            (Array("RIFF\0\0\0\0WAVE".utf8), "cut short"),
            (PictureFiles.webP(4, 4), "found something else"), ([0xFF, 0xFF, 0xFF, 0xFF], "found something else"),
            (Array("junk".utf8) + SoundFiles.mp3, nil),
        ] as [([UInt8], String?)])
    func wrongFiles(file: [UInt8], words: String?) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).transcribe(file: file)
        guard let words else {
            #expect(reply.status == 200)
            return
        }
        #expect(try (reply.status, reply.error("param")) == (400, "file"))
        let message = try #require(try reply.error("message"))
        #expect(message.contains(words), "\(message)")
        #expect(runners.speech.received.isEmpty)
    }

    @Test(
        "ends with what the model says of it, in both dialects",
        arguments: [
            (InferenceError(.invalidRequest, "Damaged.", parameter: "file"), 400, "invalid_value"),
            (InferenceError(.unsupported, "This model knows English alone."), 501, "not_supported"),
            (InferenceError(.overloaded, "Full.", retryAfterSeconds: 3), 429, "rate_limit_exceeded"),
            (InferenceError(.unavailable, "Gone."), 503, "model_unavailable"),
        ] as [(InferenceError, Int, String)], ["/v1", "/v1/openai"])
    func errors(expected: (error: InferenceError, status: Int, code: String), base: String) async throws {
        for speech in [FakeTranscription(refusing: expected.error), FakeTranscription([], then: expected.error)] {
            let reply = try await Surface(FakeRunners(speech: speech)).transcribe(to: "translations", base: base)
            #expect(reply.status == expected.status)
            #expect(try reply.error("code") == expected.code)
            #expect(try reply.error("message") == expected.error.message)
            #expect(try reply.error("param") == expected.error.parameter)
        }
    }

    @Test("ends as unavailable where the model ends early")
    func endsEarly() async throws {
        let speech = FakeTranscription(Array(FakeTranscription.transcript.dropLast()))
        #expect(try await Surface(FakeRunners(speech: speech)).transcribe().status == 503)
    }

    @Test(
        "is refused as anything but a form",
        arguments: [
            ("application/json", 415), ("multipart/form-data", 400), ("audio/wav", 415),
        ])
    func otherTypes(type: String, status: Int) async throws {
        let reply = try await Surface(FakeRunners()).call(
            .post, "/v1/audio/transcriptions", body: "{}", headers: [.contentType: type])
        #expect(reply.status == status)
    }
}
