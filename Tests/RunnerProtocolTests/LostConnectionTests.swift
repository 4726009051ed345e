import AsyncHTTPClient
import Inference
import NIOCore
import NIOPosix
import RunnerProtocol
import TestSupport
import Testing

@Suite("A runner that dies", .hangGuard)
struct LostConnectionTests {
    private let description = EngineDescription(
        capabilities: [.chat], engine: "dying", device: "cpu", fingerprint: "fp_0", contextLength: nil,
        parallelRequests: 1)
    private let request = ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")])

    /// Sends bytes as soon as a request begins to come, then closes the connection.
    private final class Dying: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let reply: String

        init(reply: String) { self.reply = reply }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: reply)))
                .whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func withDying<Value: Sendable>(
        _ reply: String, _ body: (RunnerClient) async throws -> Value
    ) async throws -> Value {
        try await withSocket { socket, httpClient in
            let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in channel.pipeline.addHandler(Dying(reply: reply)) }
                .bind(unixDomainSocketPath: socket).get()
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(RunnerClient(description, socketPath: socket, httpClient: httpClient)))
            } catch {
                result = .failure(error)
            }
            try await server.close().get()
            return try result.get()
        }
    }

    private static let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

    @Test(
        "A connection lost in the middle of an answer is unavailable, after the text that came",
        arguments: [
            head + "18\r\n{\"choice\":0,\"text\":\"a\"}\n\r\n", head + "1c\r\n{\"choice\":0,\"text\":\"a\"}\n{\"to\r\n",
            head + "18\r\n{\"choice\":0,\"text\":\"a\"}\n\r\n20\r\n{\"choice\"",
            head + "18\r\n{\"choice\":0,\"text\":\"a\"}\n\r\n0\r\n\r\n",
        ])
    func lostInTheMiddle(reply: String) async throws {
        try await withDying(reply) { runner in
            var text = ""
            let error = await #expect(throws: InferenceError.self) {
                for try await batch in try await runner.generate(.chat(request)) {
                    for case .delta(let part) in batch { text += part.text }
                }
            }
            #expect(error?.kind == .unavailable)
            #expect(error?.retryAfterSeconds != nil)
            #expect(text == "a")
        }
    }

    @Test(
        "A connection lost in the middle of a transcription is unavailable, after the events that came",
        arguments: [
            "1e\r\n{\"began\":{\"language\":\"en\"}}\n{\"\r\n",
            "1c\r\n{\"began\":{\"language\":\"en\"}}\n\r\n0\r\n\r\n",
        ])
    func transcriptionLost(reply: String) async throws {
        try await withDying(Self.head + reply) { runner in
            var events: [TranscriptionEvent] = []
            let error = await #expect(throws: InferenceError.self) {
                for try await event in try await runner.transcribe(TranscriptionRequest(), file: "a") {
                    events.append(event)
                }
            }
            #expect(error?.kind == .unavailable)
            #expect(events == [.began(.init(language: "en"))])
        }
    }

    @Test(
        "A line of a transcription that is something else is a fault of this software, and no crash",
        arguments: ["{}", "hello", "", "{\"began\":{}}", "{\"segment\":[]}"])
    func nonsenseLine(line: String) async throws {
        let body = line + "\n"
        try await withDying("HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)") { runner in
            let error = await #expect(throws: InferenceError.self) {
                for try await _ in try await runner.transcribe(TranscriptionRequest(), file: "a") {}
            }
            #expect(error?.kind == .internal)
        }
    }

    @Test("A connection lost before the answer is unavailable", arguments: ["", "HTTP/1.1 4"])
    func lostBeforeTheAnswer(reply: String) async throws {
        try await withDying(reply) { runner in
            let chat = await #expect(throws: InferenceError.self) { _ = try await runner.generate(.chat(request)) }
            #expect(chat?.kind == .unavailable)
            let embedding = await #expect(throws: InferenceError.self) {
                _ = try await runner.embed(EmbeddingRequest(inputs: []))
            }
            #expect(embedding?.kind == .unavailable)
            let upscaling = await #expect(throws: InferenceError.self) { _ = try await runner.upscale([1]) }
            #expect(upscaling?.kind == .unavailable)
        }
    }

    @Test("A connection lost before the answer is told apart by those who ask so, and one lost within it is not")
    func lostAndTold() async throws {
        try await withDying("") { runner in
            await #expect(throws: RunnerUnreachable.self) {
                _ = try await runner.embed(EmbeddingRequest(inputs: []), traceparent: nil)
            }
            await #expect(throws: RunnerUnreachable.self) { _ = try await runner.upscale([1], traceparent: nil) }
            await #expect(throws: RunnerUnreachable.self) {
                _ = try await runner.transcribe(TranscriptionRequest(), file: "a", traceparent: nil)
            }
        }
        try await withDying(Self.head + "5\r\n{\"dim\r\n") { runner in
            let error = await #expect(throws: InferenceError.self) {
                _ = try await runner.embed(EmbeddingRequest(inputs: []), traceparent: nil)
            }
            #expect(error?.kind == .unavailable)
        }
    }

    @Test(
        "A reply that is cut short or is something else is a fault of this software, and no crash",
        arguments: [
            "{\"dimensions\":2,\"promptTokens\":1}\nabc", "{\"dimensions\":2}\n", "hello", "", "\n",
            "{\"width\":1,\"height\":1}\n",
        ])
    func nonsense(body: String) async throws {
        let reply = "HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        try await withDying(reply) { runner in
            let embedding = await #expect(throws: InferenceError.self) {
                _ = try await runner.embed(EmbeddingRequest(inputs: []))
            }
            #expect(embedding?.kind == .internal)
        }
        try await withDying(reply) { runner in
            let upscaling = await #expect(throws: InferenceError.self) { _ = try await runner.upscale([1]) }
            #expect(upscaling?.kind == .internal)
        }
    }

    @Test(
        "An error that cannot be read is a fault of this software; only a missing route tells that the model cannot do it",
        arguments: [
            ("500 Internal Server Error", InferenceError.Kind.internal), ("400 Bad Request", .internal),
            ("404 Not Found", .invalidRequest),
        ])
    func unreadableError(status: String, kind: InferenceError.Kind) async throws {
        try await withDying("HTTP/1.1 \(status)\r\ncontent-length: 5\r\n\r\nhello") { runner in
            let error = await #expect(throws: InferenceError.self) { _ = try await runner.generate(.chat(request)) }
            #expect(error?.kind == kind && error?.parameter == (kind == .internal ? nil : "model"))
        }
    }

    @Test("Counts that cannot be read are a fault of this software")
    func unreadableCounts() async throws {
        try await withDying("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello") { runner in
            let error = await #expect(throws: InferenceError.self) { _ = try await runner.statisticsIfReachable() }
            #expect(error?.kind == .internal)
        }
    }

    @Test("A connection lost within an error is unavailable")
    func lostWithinAnError() async throws {
        try await withDying("HTTP/1.1 400 Bad Request\r\ncontent-length: 100\r\n\r\n{\"kind\"") { runner in
            let error = await #expect(throws: InferenceError.self) { _ = try await runner.generate(.chat(request)) }
            #expect(error?.kind == .unavailable)
        }
    }

    @Test("Where nobody listens, it is unavailable, and nothing is counted")
    func nobodyListens() async throws {
        try await withSocket { socket, httpClient in
            let runner = RunnerClient(description, socketPath: socket, httpClient: httpClient)
            let error = await #expect(throws: InferenceError.self) { _ = try await runner.generate(.chat(request)) }
            #expect(error?.kind == .unavailable)
            #expect(await runner.statistics() == EngineStatistics())
            await runner.setThreads(2)
        }
    }
}
