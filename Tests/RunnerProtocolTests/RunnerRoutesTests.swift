import Inference
import RunnerProtocol
import TestSupport
import Testing

@Suite("A runner's other routes", .hangGuard)
struct RunnerRoutesTests {
    @Test("Statistics come as the engine counts them")
    func statistics() async throws {
        let engine = FakeEngine()
        let expected = await engine.statistics()
        let received = try await withRunner(engine) { try await $0.statisticsIfReachable() }
        #expect(received == expected)
    }

    @Test("A number of threads reaches the engine")
    func threads() async throws {
        let engine = FakeEngine()
        try await withRunner(engine) { runner in
            await runner.setThreads(3)
            await runner.setThreads(1)
        }
        #expect(engine.asked.threads == [3, 1])
    }

    @Test(
        "Vectors come bit for bit, and inputs of every kind arrive in order",
        arguments: [EmbeddingRequest.Truncation.none, .start, .end])
    func embeddings(truncation: EmbeddingRequest.Truncation) async throws {
        let engine = FakeEngine()
        let bytes = (0..<3_000).map { UInt8(truncatingIfNeeded: $0) }
        let request = EmbeddingRequest(
            inputs: OddTexts.all.map { .text($0) } + [
                .image(bytes), .tokens([0, -1, .max]), .image([]), .text(""), .tokens([]), .image([10, 13]),
            ],
            dimensions: 256, truncation: truncation)
        let received = try await withRunner(engine) { try await $0.embed(request) }
        #expect(engine.asked.embeddings == [request])
        #expect(received.values.map(\.bitPattern) == FakeEngine.vectors.map(\.bitPattern))
        #expect((received.dimensions, received.promptTokens) == (3, 17))
    }

    @Test("A request for embeddings without inputs or wishes arrives as that")
    func noEmbeddings() async throws {
        let engine = FakeEngine()
        _ = try await withRunner(engine) { try await $0.embed(EmbeddingRequest(inputs: [])) }
        #expect(engine.asked.embeddings == [EmbeddingRequest(inputs: [])])
    }

    @Test("The path of a sound arrives as it is, and the events of its transcription come in order")
    func transcription() async throws {
        let engine = FakeEngine()
        let request = TranscriptionRequest(
            task: .translate, language: "de", prompt: "Ann\n\"Bob\"", temperature: 0.4, beamSize: 3,
            wordTimestamps: true)
        let file = "/folder of \"sounds\"/é\n.wav"
        let received = try await withRunner(engine) {
            try await $0.transcribe(request, file: file).gathered()
        }
        #expect(received == FakeEngine.transcript)
        #expect(engine.asked.transcriptions.map(\.request) == [request])
        #expect(engine.asked.transcriptions.map(\.file) == [file])
    }

    @Test("Files of pictures come and go byte for byte", arguments: [1, 3_000, 5_000_000])
    func upscaling(count: Int) async throws {
        let engine = FakeEngine()
        let picture = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let received = try await withRunner(engine) { try await $0.upscale(picture) }
        #expect(engine.asked.pictures == [picture])
        #expect((received.width, received.height) == (70_000, 3))
        #expect(received.png == picture + picture)
    }

    @Test("Errors of every route keep all that they say")
    func errorsKeepAll() async throws {
        let error = InferenceError(.invalidRequest, "Not \"so\".", parameter: "input[2]", retryAfterSeconds: 4)
        try await withRunner(FakeEngine(refusal: error)) { runner in
            await #expect(throws: error) { _ = try await runner.embed(EmbeddingRequest(inputs: [.text("x")])) }
            await #expect(throws: error) { _ = try await runner.transcribe(TranscriptionRequest(), file: "a") }
            await #expect(throws: error) { _ = try await runner.upscale([1, 2, 3]) }
        }
    }

    @Test("Dropping the events of a transcription cancels the engine's work")
    func droppingCancels() async throws {
        let engine = FakeEngine(waits: true)
        try await withRunner(engine) { runner in
            var signals = engine.signals.makeAsyncIterator()
            for try await _ in try await runner.transcribe(TranscriptionRequest(), file: "a") { break }
            #expect(await signals.next() == .begun)
            #expect(await signals.next() == .cancelled)
        }
    }

    @Test("A lease of a transcription is let go with its last event, though the sequence lives on")
    func transcriptionLease() async throws {
        final class Lease: Sendable {}
        var lease: Lease? = Lease()
        weak let watched = lease
        let source = AsyncStream { continuation in
            for event in FakeEngine.transcript { continuation.yield(event) }
            continuation.finish()
        }
        let events = try TranscriptionEvents(source).keeping(#require(lease))
        lease = nil
        var iterator = events.makeAsyncIterator()
        for _ in FakeEngine.transcript.dropLast() {
            #expect(try await iterator.next() != nil)
            #expect(watched != nil)
        }
        #expect(try await iterator.next() == FakeEngine.transcript.last)
        #expect(watched == nil)
        withExtendedLifetime((events, iterator)) {}
    }

    @Test("An error within a transcription comes after its segments")
    func transcriptionErrorComesLate() async throws {
        let error = InferenceError(.internal, "Broken.")
        try await withRunner(FakeEngine(failure: error)) { runner in
            var received: [TranscriptionEvent] = []
            let events = try await runner.transcribe(TranscriptionRequest(), file: "a")
            await #expect(throws: error) {
                for try await event in events { received.append(event) }
            }
            #expect(received == FakeEngine.transcript.dropLast())
        }
    }

    @Test("What an engine cannot do is no fault of the server's: the request names the wrong model")
    func missingAbilities() async throws {
        try await withRunner(IdleEngine()) { runner in
            func kind(_ body: () async throws -> Void) async -> InferenceError.Kind? {
                do {
                    try await body()
                    return nil
                } catch {
                    return (error as? InferenceError)?.kind
                }
            }
            let chat = ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")])
            #expect(await kind { _ = try await runner.generate(.chat(chat)) } == .invalidRequest)
            #expect(await kind { _ = try await runner.embed(EmbeddingRequest(inputs: [])) } == .invalidRequest)
            #expect(
                await kind { _ = try await runner.transcribe(TranscriptionRequest(), file: "") } == .invalidRequest)
            #expect(await kind { _ = try await runner.upscale([1]) } == .invalidRequest)
        }
    }

    @Test("Cancelling whoever waits cancels the engine's work", arguments: ["embed", "transcribe", "upscale"])
    func cancellingCancels(route: String) async throws {
        let engine = FakeEngine(waits: true)
        try await withRunner(engine) { runner in
            var signals = engine.signals.makeAsyncIterator()
            let waiting = Task {
                switch route {
                case "embed": _ = try await runner.embed(EmbeddingRequest(inputs: [.text("x")]))
                case "transcribe":
                    for try await _ in try await runner.transcribe(TranscriptionRequest(), file: "a") {}
                default: _ = try await runner.upscale([1, 2, 3])
                }
            }
            #expect(await signals.next() == .begun)
            waiting.cancel()
            #expect(await signals.next() == .cancelled)
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }
}
