import Foundation
import HTTPTypes
import Inference
import ModelStore
import Performance
import RunnerProtocol
import Runners
import Server
import Synchronization
import TestSupport
import Testing

@Suite("A measurement", .hangGuard)
struct MeasurementTests {
    private func measure(_ runners: FakeRunners, _ body: String) async throws -> Surface.Reply {
        try await Surface(runners).call(.post, "/v1/performance", body: body)
    }

    /// The numbers of a series.
    private func series(_ reply: Surface.Reply, _ name: String) throws -> [Double]? {
        (try reply.json()["extra_metrics"] as? [String: Any])?[name] as? [Double]
    }

    @Test("of a chat unloads and loads the model, answers once unasked, and once for each trial")
    func chat() async throws {
        let runners = FakeRunners(
            chat: FakeChat([[.text("A")], [.text(" story")], .end(.length, usage: Self.usage)]))
        let reply = try await measure(runners, #"{"model": "small", "trials": 3}"#)
        #expect(reply.status == 200)
        let json = try reply.json()
        #expect(json["model"] as? String == "tiny" && json["trials"] as? Int == 3)
        #expect(json["result"] as? String == "Chat performance measured.")
        #expect(json["load_time"] as? Double == 0.25)
        let times = try #require(json["execution_times"] as? [Double])
        #expect(times.count == 3 && times.allSatisfy { $0 >= 0 })
        let average = try #require(json["average_execution_times"] as? Double)
        #expect(abs(average - times.reduce(0, +) / 3) < 1e-5)
        #expect(runners.loading.told == [.unload("tiny"), .load("tiny", nil)])
        #expect(runners.chat.received.count == 4)
        for name in ["time_to_first_token", "tokens_per_second", "prompt_tokens_per_second"] {
            #expect(try series(reply, name)?.count == 3, "\(name)")
        }
        #expect(try series(reply, "completion_tokens") == [64, 64, 64])
        #expect(try series(reply, "prompt_tokens") == [170, 170, 170])
        let extra = try #require(json["extra_metrics"] as? [String: Any])
        #expect(extra["peak_memory_bytes"] as? Int == 2_000 && extra["threads"] as? Int == 3)
        #expect(extra["device"] as? String == "cpu")
        #expect(try series(reply, "texts_per_second") == nil)
    }

    private static let usage = TokenUsage(promptTokens: 170, cachedPromptTokens: 3, completionTokens: 64)

    @Test("asks for the same, greedy and limited, with another first word each time")
    func prompts() async throws {
        let runners = FakeRunners()
        #expect(try await measure(runners, #"{"model": "tiny", "trials": 100}"#).status == 200)
        let asked = runners.chat.received
        #expect(asked.count == 101)
        #expect(asked.allSatisfy { $0.parameters.sampling == .greedy && $0.parameters.maximumTokens == 64 })
        #expect(asked.allSatisfy { $0.messages.count == 1 })
        let prompts = asked.compactMap { $0.messages.first?.content }
        let words = prompts.map { $0.split(separator: "\n")[0].split(separator: " ").map(String.init) }
        #expect(words.allSatisfy { $0.count == 128 })
        #expect(Set(words.compactMap(\.first)).count == 101)
        #expect(Set(words.map { $0.sorted() }).count == 1)
        #expect(Set(prompts.compactMap { $0.split(separator: "\n").last }).count == 1)
    }

    @Test("gives a chat model with a small context less to read")
    func smallContext() async throws {
        let chat = FakeChat { request in
            guard case .chat(let chat) = request else { throw InferenceError(.internal, "no chat") }
            let words = chat.messages.reduce(0) { $0 + $1.content.split(separator: " ").count }
            guard words < 60 else { throw InferenceError(.contextLengthExceeded, "too long") }
            return AsyncThrowingStream { continuation in
                continuation.yield([.text("A")] + .end(usage: Self.usage))
                continuation.finish()
            }
        }
        let reply = try await measure(FakeRunners(chat: chat), #"{"model": "tiny", "trials": 1}"#)
        #expect(reply.status == 200)
        let work = (try reply.json()["extra_metrics"] as? [String: Any])?["work"] as? String
        #expect(work?.contains("32 words") == true)
        // 128 and 64 words, then 32 for warming up and for the trial.
        #expect(chat.received.count == 4)
    }

    @Test("ends where even a few words are too many")
    func noContext() async throws {
        let chat = FakeChat(refusing: InferenceError(.contextLengthExceeded, "too long"))
        let reply = try await measure(FakeRunners(chat: chat), #"{"model": "tiny"}"#)
        #expect(try reply.status == 400 && reply.error("code") == "context_length_exceeded")
    }

    @Test("of embeddings tells of texts, and of pictures where the model sees")
    func embeddings() async throws {
        let runners = FakeRunners()
        let reply = try await measure(runners, #"{"model": "owner/vectors", "trials": 2}"#)
        #expect(reply.status == 200)
        #expect(try reply.json()["result"] as? String == "Embeddings performance measured.")
        #expect(try series(reply, "texts_per_second")?.count == 2)
        #expect(try series(reply, "images_per_second")?.count == 2)
        let asked = runners.embeddings.received
        #expect(asked.map(\.inputs.count) == [64, 16, 64, 16, 64, 16])
        // No text of a request twice, and not the same ones in the next.
        let texts = [0, 2].map { asked[$0].inputs }
        for inputs in texts { #expect(Set(inputs.map { "\($0)" }).count == 64) }
        #expect(texts[0] != texts[1])
        let words = texts[0].compactMap { input -> Int? in
            if case .text(let text) = input { text.split(separator: " ").count } else { nil }
        }
        #expect(words == Array(repeating: 32, count: 64))
    }

    @Test("of embeddings tells of texts alone where the model sees nothing")
    func texts() async throws {
        let embeddings = FakeEmbeddings { request in
            if case .image? = request.inputs.first {
                throw InferenceError(.invalidRequest, "blind", parameter: "images")
            }
            return Embeddings(values: request.inputs.map { _ in 1 }, dimensions: 1, promptTokens: 99)
        }
        let reply = try await measure(FakeRunners(embeddings: embeddings), #"{"model": "owner/vectors", "trials": 1}"#)
        #expect(reply.status == 200)
        #expect(try series(reply, "texts_per_second")?.count == 1)
        #expect(try series(reply, "images_per_second") == nil)
        #expect(embeddings.received.count == 3)
    }

    @Test("of a transcription gives the model a sound that is a file, and tells its factor")
    func transcription() async throws {
        let runners = FakeRunners()
        let reply = try await measure(runners, #"{"model": "whisper-1", "trials": 2}"#)
        #expect(reply.status == 200)
        #expect(try reply.json()["model"] as? String == "listener")
        let times = try #require(try reply.json()["execution_times"] as? [Double])
        // The fake's sounds take 3.5 seconds.
        for (factor, time) in zip(try #require(try series(reply, "real_time_factor")), times) {
            #expect(abs(factor - time / 3.5) < 2e-6)
        }
        let asked = runners.speech.received
        #expect(asked.count == 3 && asked.allSatisfy { $0.content.starts(with: Data("OggS".utf8)) })
        #expect(asked.allSatisfy { $0.permissions == 0o600 })
    }

    @Test("of an enlarger gives it a picture that is whole")
    func pictures() async throws {
        let runners = FakeRunners(
            pictures: FakeUpscaling { _ in UpscaledPicture(png: [1], width: 512, height: 512) })
        let reply = try await measure(runners, #"{"model": "realesrgan", "trials": 1}"#)
        #expect(reply.status == 200)
        let rate = try #require(try series(reply, "megapixels_per_second")?.first)
        let time = try #require((try reply.json()["execution_times"] as? [Double])?.first)
        #expect(time < 1e-4 || abs(rate * time / 0.262_144 - 1) < 0.1)
        let file = try #require(runners.pictures.received.first)
        let head = try PictureFile(file, within: .upscaling)
        #expect(head.width == 128 && head.height == 128 && head.format == .png)
    }

    @Test("is of five trials where nobody says how many", arguments: ["", #", "trials": null"#, #", "wizard": 1"#])
    func standard(fields: String) async throws {
        let reply = try await measure(FakeRunners(), #"{"model": "enlarger"\#(fields)}"#)
        #expect(try reply.json()["trials"] as? Int == 5)
    }

    @Test(
        "is refused by the field that is wrong, before any model is touched",
        arguments: [
            (#"{"model": "tiny", "trials": 0}"#, "trials", "out_of_range"),
            (#"{"model": "tiny", "trials": 101}"#, "trials", "out_of_range"),
            (#"{"model": "tiny", "trials": -1}"#, "trials", "out_of_range"),
            (#"{"model": "tiny", "trials": 1e300}"#, "trials", "out_of_range"),
            (#"{"model": "tiny", "trials": 1.5}"#, "trials", "invalid_type"),
            (#"{"model": "tiny", "trials": "5"}"#, "trials", "invalid_type"),
            (#"{"model": "tiny", "trials": true}"#, "trials", "invalid_type"),
            (#"{"model": "tiny", "trials": [5]}"#, "trials", "invalid_type"),
            (#"{"trials": 5}"#, "model", "missing_required_parameter"),
            (#"{"model": null}"#, "model", "invalid_type"), (#"{"model": 5}"#, "model", "invalid_type"),
            (#"{"model": ""}"#, "model", "invalid_value"), (#"{"model": "nobody"}"#, "model", "model_not_found"),
        ])
    func refused(body: String, field: String, code: String) async throws {
        let runners = FakeRunners()
        let reply = try await measure(runners, body)
        #expect(try reply.status == 400 && reply.error("param") == field && reply.error("code") == code)
        // In the promised dialect the same fields are at the top too.
        #expect(try reply.json()["param"] as? String == field && reply.json()["status"] as? Int == 400)
        #expect(runners.loading.told.isEmpty)
    }

    @Test("keeps a model that a request wanted kept, and lets one stay for a while that goes with its answer")
    func kept() async throws {
        func loaded(expiresAt: Int?) -> FakeLoading {
            FakeLoading([
                LoadedModel(
                    id: "tiny", capability: .chat, engine: "fake 1", state: .ready, device: "cpu", threads: 2,
                    requests: 0, lastUsed: 0,
                    expiresAt: expiresAt)
            ])
        }
        let body = #"{"model": "tiny", "trials": 1}"#
        var runners = FakeRunners(loading: loaded(expiresAt: nil))
        #expect(try await measure(runners, body).status == 200)
        #expect(runners.loading.told == [.unload("tiny"), .load("tiny", .forever)])

        runners = FakeRunners(loading: loaded(expiresAt: 1_700_000_000))
        let brief = try await Surface(runners, flags: ["models.keep-alive": .text("0")])
        #expect(try await brief.call(.post, "/v1/performance", body: body).status == 200)
        #expect(
            runners.loading.told == [
                .unload("tiny"), .load("tiny", .time(.seconds(60))), .load("tiny", .time(.zero)),
            ])
    }

    @Test("is no measurement where the model was loaded again on the way")
    func reloaded() async throws {
        let loading = FakeLoading()
        let chat = FakeChat { _ in
            loading.replaceProcesses()
            return AsyncThrowingStream { continuation in
                continuation.yield(.end())
                continuation.finish()
            }
        }
        let reply = try await measure(FakeRunners(chat: chat, loading: loading), #"{"model": "tiny", "trials": 1}"#)
        #expect(try reply.status == 503 && reply.error("message")?.contains("left memory") == true)
    }

    @Test("says why a model cannot be loaded")
    func unavailable() async throws {
        let failure = InferenceError(.unavailable, "It does not fit.", retryAfterSeconds: 3)
        let reply = try await measure(
            FakeRunners(loading: FakeLoading(failingWith: failure)), #"{"model": "tiny"}"#)
        #expect(try reply.status == 503 && reply.error("message") == "It does not fit.")
    }

    @Test("fails where an answer breaks off")
    func broken() async throws {
        let chat = FakeChat([[.text("A")]], then: InferenceError(.unavailable, "It died."))
        let reply = try await measure(FakeRunners(chat: chat), #"{"model": "tiny"}"#)
        #expect(try reply.status == 503 && reply.error("message") == "It died.")
    }
}
