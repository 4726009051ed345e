import AsyncHTTPClient
import Inference
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A runner seen from the server: its routes as the engine protocols.
///
/// Every call throws what the engine threw; a connection that breaks is an ``InferenceError`` of kind `unavailable`.
/// Cancelling the task that waits closes the connection, and so cancels the work.
public struct RunnerClient: Engine, ChatEngine, EmbeddingEngine, TranscriptionEngine, ImageUpscalingEngine {
    public let description: EngineDescription
    private let connection: RunnerConnection

    /// - Parameters:
    ///   - description: what the runner announced when it started.
    ///   - socketPath: where it listens.
    ///   - controlTimeout: in which it must answer what needs no computation.
    public init(
        _ description: EngineDescription, socketPath: String, httpClient: HTTPClient,
        controlTimeout: Duration = .seconds(10)
    ) {
        self.description = description
        connection = RunnerConnection(
            socketPath: socketPath, httpClient: httpClient, controlTimeout: controlTimeout)
    }

    public func statistics() async -> EngineStatistics {
        await (try? statisticsIfReachable()) ?? EngineStatistics()
    }

    /// The engine's counts.
    public func statisticsIfReachable() async throws -> EngineStatistics {
        try await connection.get(RunnerRoute.statistics)
    }

    public func setThreads(_ count: Int) async {
        // A runner that has ended has no threads to set; the pool notices its end elsewhere.
        try? await connection.tell(
            RunnerRoute.threads,
            ByteBuffer(bytes: (try? JSONEncoder().encode(RunnerRoute.Threads(count: count))) ?? Data()))
    }

    /// Runners end with their process; there is nothing to do over the wire.
    public func shutDown() async {}

    public func generate(_ request: GenerationRequest) async throws -> GenerationEvents {
        try await tellingClients { try await generate(request, traceparent: nil) }
    }

    /// - Parameter traceparent: the W3C trace context that the runner's log lines of this request carry.
    /// - Throws: ``RunnerUnreachable`` where the runner gave no reply at all.
    public func generate(_ request: GenerationRequest, traceparent: String?) async throws -> GenerationEvents {
        let isFramed = request.hasAttachments
        let body = try isFramed ? request.framed() : ByteBuffer(bytes: JSONEncoder().encode(request))
        return GenerationEvents(
            body: try await connection.open(
                .POST, RunnerRoute.generation, body, contentType: isFramed ? FramedMessage.mediaType : nil,
                traceparent: traceparent))
    }

    public func embed(_ request: EmbeddingRequest) async throws -> Embeddings {
        try await tellingClients { try await embed(request, traceparent: nil) }
    }

    /// - Parameter traceparent: the W3C trace context that the runner's log lines of this request carry.
    /// - Throws: ``RunnerUnreachable`` where the runner gave no reply at all.
    public func embed(_ request: EmbeddingRequest, traceparent: String?) async throws -> Embeddings {
        let reply = try await connection.collect(
            .POST, RunnerRoute.embeddings, request.framed(), contentType: FramedMessage.mediaType,
            traceparent: traceparent)
        let (vectors, payload) = try FramedMessage.decode(RunnerRoute.Vectors.self, from: reply)
        return Embeddings(
            values: try FramedMessage.floats(payload), dimensions: vectors.dimensions,
            promptTokens: vectors.promptTokens)
    }

    public func transcribe(_ request: TranscriptionRequest, file: String) async throws -> TranscriptionEvents {
        try await tellingClients { try await transcribe(request, file: file, traceparent: nil) }
    }

    /// - Parameter traceparent: the W3C trace context that the runner's log lines of this request carry.
    /// - Throws: ``RunnerUnreachable`` where the runner gave no reply at all.
    public func transcribe(
        _ request: TranscriptionRequest, file: String, traceparent: String?
    ) async throws -> TranscriptionEvents {
        let body = try JSONEncoder().encode(RunnerRoute.Transcription(request: request, file: file))
        return TranscriptionEvents(
            body: try await connection.open(
                .POST, RunnerRoute.transcription, ByteBuffer(bytes: body), traceparent: traceparent))
    }

    public func upscale(_ picture: [UInt8]) async throws -> UpscaledPicture {
        try await tellingClients { try await upscale(picture, traceparent: nil) }
    }

    /// - Parameter traceparent: the W3C trace context that the runner's log lines of this request carry.
    /// - Throws: ``RunnerUnreachable`` where the runner gave no reply at all.
    public func upscale(_ picture: [UInt8], traceparent: String?) async throws -> UpscaledPicture {
        try UpscaledPicture(
            framed: try await connection.collect(
                .POST, RunnerRoute.upscaling, ByteBuffer(bytes: picture), contentType: FramedMessage.mediaType,
                traceparent: traceparent))
    }

    /// Throws what a client is told in place of ``RunnerUnreachable``.
    private func tellingClients<Reply>(_ ask: () async throws -> Reply) async throws -> Reply {
        do {
            return try await ask()
        } catch let unreachable as RunnerUnreachable {
            throw unreachable.error
        }
    }
}
