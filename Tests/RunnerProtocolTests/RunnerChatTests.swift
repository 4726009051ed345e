import Inference
import RunnerProtocol
import TestSupport
import Testing

@Suite("Chat over a runner's socket", .hangGuard)
struct RunnerChatTests {
    private let usage = TokenUsage(promptTokens: 30, cachedPromptTokens: 20, completionTokens: 10)
    private var end: [GenerationEvent] { [.finished(.stop, choice: 0), .completed(usage)] }
    private let request = ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")])

    @Test("Events come as the engine gave them, odd texts too")
    func eventsComeAsGiven() async throws {
        let given = OddTexts.all.map { GenerationEvent.text($0) } + end
        let batches = [Array(given[..<5]), Array(given[5..<6]), Array(given[6...])]
        let request = request
        let received = try await withRunner(FakeEngine(batches)) { runner in
            try await runner.generate(.chat(request)).gathered().flatMap { $0 }
        }
        #expect(received == given)
    }

    @Test("The engine gets the request as it was sent")
    func requestArrivesWhole() async throws {
        let request = ChatRequest(
            messages: OddTexts.all.map { ChatMessage(role: .user, content: $0) }
                + [ChatMessage(role: .developer, content: "d", name: "Ann")],
            tools: [Tool(name: "f", description: "d", parameters: "{\"type\":\"object\"}", isStrict: true)],
            toolChoice: .function("f"), allowsParallelToolCalls: false, outputFormat: .jsonSchema("{}"),
            reasoningEffort: .high, prediction: "p",
            parameters: GenerationParameters(
                sampling: SamplingParameters(
                    temperature: 0.7, topP: 0.95, topK: 40, minP: 0.05, frequencyPenalty: -2, presencePenalty: 0.1,
                    repetitionPenalty: 1.1, logitBias: [0: -100, 49151: 3.5], seed: .max),
                stop: OddTexts.all, maximumTokens: 12, choices: 3, topLogprobs: 5))
        let engine = FakeEngine([end])
        _ = try await withRunner(engine) { runner in try await runner.generate(.chat(request)).gathered() }
        #expect(engine.asked.chats == [request])
    }

    @Test("Pictures and sounds arrive byte for byte, each with its message")
    func attachmentsArriveWhole() async throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let request = ChatRequest(messages: [
            ChatMessage(
                role: .user, content: "a\nb",
                attachments: [
                    Inference.Attachment(
                        .image, data: bytes, position: 2, field: "messages[0].content[1].image_url.url"),
                    Inference.Attachment(.audio, data: [10, 13, 0], position: 4),
                ]),
            ChatMessage(role: .user, content: "c"),
            ChatMessage(role: .user, content: "", attachments: [Inference.Attachment(.image, data: [], position: 0)]),
        ])
        let engine = FakeEngine([end])
        _ = try await withRunner(engine) { runner in try await runner.generate(.chat(request)).gathered() }
        #expect(engine.asked.chats == [request])
    }

    @Test(
        "An error before the answer keeps all that it says",
        arguments: [
            InferenceError(.contextLengthExceeded, "Too \"long\"\n🦙", parameter: "messages"),
            InferenceError(.overloaded, "Full.", retryAfterSeconds: 3), InferenceError(.unavailable, "Gone."),
            InferenceError(.invalidRequest, "No.", parameter: "logit_bias"),
        ])
    func earlyErrorsKeepAll(error: InferenceError) async throws {
        let request = request
        _ = try await withRunner(FakeEngine(refusal: error)) { runner in
            await #expect(throws: error) { _ = try await runner.generate(.chat(request)) }
        }
    }

    @Test("An error within the answer comes after its text and keeps all that it says")
    func lateErrorsKeepAll() async throws {
        let error = InferenceError(.internal, "Broken \"here\".", parameter: "messages[0]", retryAfterSeconds: 9)
        let request = request
        try await withRunner(FakeEngine([[.text("a")], [.text("b")]], failure: error)) { runner in
            var text = ""
            let events = try await runner.generate(.chat(request))
            await #expect(throws: error) {
                for try await batch in events {
                    for case .delta(let part) in batch { text += part.text }
                }
            }
            #expect(text == "ab")
        }
    }

    @Test("Cancelling the task that reads cancels the engine's work")
    func cancellingTheReaderCancels() async throws {
        let engine = FakeEngine([[.text("a")]], waits: true)
        let request = request
        try await withRunner(engine) { runner in
            var signals = engine.signals.makeAsyncIterator()
            let (read, post) = AsyncStream.makeStream(of: Void.self)
            let reader = Task {
                for try await _ in try await runner.generate(.chat(request)) { post.yield() }
            }
            #expect(await signals.next() == .begun)
            _ = await read.first { true }
            reader.cancel()
            #expect(await signals.next() == .cancelled)
            await #expect(throws: CancellationError.self) { try await reader.value }
        }
    }

    @Test("Dropping the events cancels the engine's work")
    func droppingTheEventsCancels() async throws {
        let engine = FakeEngine([[.text("a")]], waits: true)
        let request = request
        try await withRunner(engine) { runner in
            var signals = engine.signals.makeAsyncIterator()
            for try await _ in try await runner.generate(.chat(request)) { break }
            #expect(await signals.next() == .begun)
            #expect(await signals.next() == .cancelled)
        }
    }

    @Test("A lease is let go with the last event, though the sequence lives on")
    func leaseEndsWithTheLastEvent() async throws {
        final class Lease: Sendable {}
        var lease: Lease? = Lease()
        weak let watched = lease
        let batches = [[GenerationEvent.text("a")], end]
        let source = AsyncStream { continuation in
            for batch in batches { continuation.yield(batch) }
            continuation.finish()
        }
        let events = try GenerationEvents(source).keeping(#require(lease))
        lease = nil
        var iterator = events.makeAsyncIterator()
        #expect(try await iterator.next() == batches[0])
        #expect(watched != nil)
        #expect(try await iterator.next() == batches[1])
        #expect(watched == nil)
        withExtendedLifetime((events, iterator)) {}
    }
}
