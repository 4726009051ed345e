import Foundation
import HTTPTypes
import Inference
import Synchronization
import Testing

extension Surface {
    /// Asks for a text completion; the fields come beside a model.
    func completeText(_ fields: String, base: String = "/v1") async throws -> Reply {
        try await call(.post, base + "/completions", body: #"{"model": "tiny", \#(fields)}"#)
    }
}

extension Surface.Reply {
    func choices() throws -> [[String: Any]] {
        try #require(try json()["choices"] as? [[String: Any]])
    }
}

@Suite("A text completion")
struct CompletionTests {
    @Test("is one body where it does not stream")
    func gathered() async throws {
        let chat = FakeChat([[.text("Good "), .text("day")], .end(.length)])
        let reply = try await Surface(chat).completeText(#""prompt": "Say""#)
        #expect(reply.status == 200)
        let json = try reply.json()
        #expect(json["object"] as? String == "text_completion")
        #expect((json["id"] as? String)?.hasPrefix("cmpl-") == true)
        #expect(json["model"] as? String == "tiny")
        #expect(json["system_fingerprint"] as? String == "fp_test")
        #expect(json["created"] as? Int != nil)
        let choice = try #require(try reply.choices().first)
        #expect(choice["text"] as? String == "Good day")
        #expect(choice["index"] as? Int == 0)
        #expect(choice["finish_reason"] as? String == "length")
        #expect(choice["logprobs"] is NSNull)
        let usage = try #require(json["usage"] as? [String: Any])
        #expect(usage["prompt_tokens"] as? Int == 5)
        #expect(usage["total_tokens"] as? Int == 8)
    }

    @Test("becomes the domain's request")
    func translation() async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).completeText(
            """
            "prompt": [1, 2], "n": 2, "echo": true, "logprobs": 3, "max_tokens": 0, "stop": ["x", "y"],
            "temperature": 0, "top_p": 0.5, "top_k": 40, "min_p": 0.1, "seed": -1, "frequency_penalty": 1,
            "presence_penalty": -1, "repeat_penalty": 1.5, "logit_bias": {"7": -100}, "user": "u", "suffix": ""
            """)
        #expect(reply.status == 200)
        let sampling = SamplingParameters(
            temperature: 0, topP: 0.5, topK: 40, minP: 0.1, frequencyPenalty: 1, presencePenalty: -1,
            repetitionPenalty: 1.5, logitBias: [7: -100], seed: .max)
        let expected = CompletionRequest(
            prompt: .tokens([1, 2]), echo: true,
            parameters: GenerationParameters(
                sampling: sampling, stop: ["x", "y"], maximumTokens: 0, choices: 2, topLogprobs: 3))
        #expect(chat.generations == [.completion(expected)])
    }

    @Test("generates sixteen tokens where it is not told how many")
    func defaults() async throws {
        let chat = FakeChat([.end()])
        _ = try await Surface(chat).completeText(#""prompt": "a""#)
        let expected = CompletionRequest(prompt: .text("a"), parameters: GenerationParameters(maximumTokens: 16))
        #expect(chat.generations == [.completion(expected)])
    }

    @Test("has n choices for each prompt, in the prompts' order, and sums their usage")
    func prompts() async throws {
        let chat = FakeChat { request in
            guard case .completion(let request) = request, case .text(let prompt) = request.prompt else {
                throw InferenceError(.internal, "not a text")
            }
            return AsyncThrowingStream { continuation in
                continuation.yield([.text(prompt + "1", choice: 1), .text(prompt + "0", choice: 0)])
                continuation.yield([.finished(.stop, choice: 1), .finished(.length, choice: 0)])
                continuation.yield([
                    .completed(TokenUsage(promptTokens: 1, cachedPromptTokens: 0, completionTokens: 2))
                ])
                continuation.finish()
            }
        }
        let letters = ["a", "b", "c", "d", "e", "f"]
        let list = letters.map { "\"\($0)\"" }.joined(separator: ",")
        let surface = try await Surface(chat)
        let reply = try await surface.completeText(#""prompt": [\#(list)], "n": 2"#)
        let choices = try reply.choices()
        let expected = letters.flatMap { [$0 + "0", $0 + "1"] }
        #expect(choices.compactMap { $0["text"] as? String } == expected)
        #expect(choices.compactMap { $0["index"] as? Int } == Array(0..<12))
        #expect(choices.first?["finish_reason"] as? String == "length")
        #expect(choices.last?["finish_reason"] as? String == "stop")
        let usage = try #require(try reply.json()["usage"] as? [String: Any])
        #expect(usage["prompt_tokens"] as? Int == 6)
        #expect(usage["completion_tokens"] as? Int == 12)

        let stream = try await surface.completeText(
            #""prompt": [\#(list)], "n": 2, "stream": true, "stream_options": {"include_usage": true}"#)
        let chunks = try CompletionStreamTests.chunks(stream.body)
        var texts: [Int: String] = [:]
        for case let choice as [String: Any] in chunks.flatMap({ $0["choices"] as? [Any] ?? [] }) {
            texts[try #require(choice["index"] as? Int), default: ""] += choice["text"] as? String ?? ""
        }
        #expect((0..<12).compactMap { texts[$0] } == expected)
        let streamed = try #require(chunks.last?["usage"] as? [String: Any])
        #expect(streamed["total_tokens"] as? Int == 18)
    }

    @Test("of several prompts never has more at work than four")
    func fairness() async throws {
        let gate = Gate()
        let gated = FakeChat { _ in gate.stream() }
        let list = Array(repeating: "\"a\"", count: 9).joined(separator: ",")
        let surface = try await Surface(gated)
        let reply = try await surface.completeText(#""prompt": [\#(list)]"#)
        #expect(reply.status == 200)
        #expect(gate.begun == 9)
        #expect(gate.most == 4)
    }

    @Test("chooses the best of more answers by the mean log-probability of their own tokens")
    func bestOf() async throws {
        func token(_ logprob: Float?) -> TokenLogprob { TokenLogprob(token: 1, bytes: [0x61], logprob: logprob) }
        let chat = FakeChat([
            [
                .delta(AnswerDelta(choice: 0, text: "p0", logprobs: [token(nil), token(-9), token(-2)])),
                .delta(AnswerDelta(choice: 1, text: "p1", logprobs: [token(nil), token(-9), token(-1), token(-1)])),
                .delta(AnswerDelta(choice: 2, text: "p2", logprobs: [token(nil), token(-9), token(-3)])),
            ],
            (0..<3).map { .finished(.stop, choice: $0) }
                + [.completed(TokenUsage(promptTokens: 2, cachedPromptTokens: 0, completionTokens: 4))],
        ])
        let reply = try await Surface(chat).completeText(#""prompt": "p", "n": 2, "best_of": 3, "echo": true"#)
        let choices = try reply.choices()
        #expect(choices.compactMap { $0["text"] as? String } == ["p1", "p0"])
        #expect(choices.compactMap { $0["index"] as? Int } == [0, 1])
        #expect(choices.allSatisfy { $0["logprobs"] is NSNull })
        #expect(chat.generations.first?.parameters.choices == 3)
        #expect(chat.generations.first?.parameters.topLogprobs == 0)
    }

    @Test("is under OpenAI's base alone")
    func base() async throws {
        #expect(try await Surface().completeText(#""prompt": "a""#, base: "/v1/openai").status == 404)
        let reply = try await Surface().call(.get, "/v1/completions")
        #expect(reply.status == 405)
        #expect(reply.headers[.allow] == "POST")
    }

    @Test(
        "of an unknown model, or of one for something else, is refused",
        arguments: [("no", 404), ("owner/vectors", 400)])
    func models(_ model: String, _ status: Int) async throws {
        let reply = try await Surface().call(
            .post, "/v1/completions", body: #"{"model": "\#(model)", "prompt": "a"}"#)
        #expect(reply.status == status)
        #expect(try reply.error("param") == "model")
    }

    @Test("names its own field where the engine names a chat's", arguments: [false, true])
    func renamedFields(stream: Bool) async throws {
        let error = InferenceError(.contextLengthExceeded, "Too long.", parameter: "prompt")
        let surface = try await Surface(FakeChat(refusing: error))
        let one = try await surface.completeText(#""prompt": "a", "stream": \#(stream)"#)
        #expect(one.status == 400)
        #expect(try one.error("param") == "prompt")
        let listed = try await surface.completeText(#""prompt": ["a"], "stream": \#(stream)"#)
        #expect(try listed.error("param") == "prompt[0]")
        #expect(try listed.error("code") == "context_length_exceeded")
    }
}

/// Counts the answers that are at work, none of which ends before four are.
private final class Gate: Sendable {
    private struct State {
        var atWork = 0
        var most = 0
        var begun = 0
    }

    private let state = Mutex(State())
    private let (fourAreThere, post) = AsyncStream.makeStream(of: Never.self)

    var most: Int { state.withLock { $0.most } }
    var begun: Int { state.withLock { $0.begun } }

    private func begin() {
        let count = state.withLock { state in
            state.begun += 1
            state.atWork += 1
            state.most = max(state.most, state.atWork)
            return state.begun
        }
        if count == 4 { post.finish() }
    }

    private func end() { state.withLock { $0.atWork -= 1 } }

    /// An answer that is at work from now until its last event is read.
    func stream() -> AsyncThrowingStream<[GenerationEvent], any Error> {
        begin()
        let parts = Mutex([[GenerationEvent]]([[.text("a")], .end()]))
        return AsyncThrowingStream {
            for await _ in self.fourAreThere {}
            let (part, isLast) = parts.withLock { parts in
                let isLast = parts.count == 1
                return (parts.isEmpty ? nil : parts.removeFirst(), isLast)
            }
            if isLast { self.end() }
            return part
        }
    }
}
