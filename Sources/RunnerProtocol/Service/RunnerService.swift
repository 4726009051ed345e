import HTTPTypes
import Hummingbird
import Inference
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An engine behind a Unix socket: the routes of ``RunnerRoute`` for whatever the engine can do.
public struct RunnerService: Service {
    private let engine: any Engine
    private let socketPath: String
    private let logger: Logger
    private let onListening: @Sendable () async -> Void

    /// - Parameter onListening: called when requests are taken.
    public init(
        _ engine: any Engine, socketPath: String, logger: Logger, onListening: @escaping @Sendable () async -> Void = {}
    ) {
        self.engine = engine
        self.socketPath = socketPath
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the task is cancelled or shut down gracefully.
    public func run() async throws {
        // One thread is plenty for the socket and leaves the cores to the engine.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let onListening = onListening
        // That the socket is open, the announcement says.
        var logger = logger
        if logger.logLevel == .info { logger.logLevel = .notice }
        let application = Application(
            router: router(),
            server: .held(.init(additionalChannelHandlers: [PeerCloseHandler()])),
            configuration: .init(address: .unixDomainSocket(path: socketPath)),
            onServerRunning: { _ in await onListening() },
            eventLoopGroupProvider: .shared(group),
            logger: logger)
        do {
            try await withTaskExecutorPreference(EventLoopExecutor(group.next())) {
                try await application.run()
            }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    func router() -> Router<RunnerContext> {
        let router = Router(context: RunnerContext.self)
        let engine = engine
        router.get(RouterPath(RunnerRoute.description)) { _, _ in
            try Response(json: engine.description)
        }
        router.get(RouterPath(RunnerRoute.statistics)) { _, _ in
            try await Response(json: engine.statistics())
        }
        router.put(RouterPath(RunnerRoute.threads)) { request, context in
            try await answering {
                await engine.setThreads(try await request.json(RunnerRoute.Threads.self, context).count)
                return Response(status: .noContent)
            }
        }
        if let engine = engine as? any ChatEngine { GenerationRoute.add(engine, to: router) }
        if let engine = engine as? any EmbeddingEngine { EmbeddingRoute.add(engine, to: router) }
        if let engine = engine as? any TranscriptionEngine { TranscriptionRoute.add(engine, to: router) }
        if let engine = engine as? any ImageUpscalingEngine { UpscalingRoute.add(engine, to: router) }
        return router
    }
}

/// Turns what is thrown into a reply that ``RunnerClient`` turns back.
func answering(_ body: () async throws -> Response) async throws -> Response {
    do {
        return try await body()
    } catch let error as InferenceError {
        return try Response(json: error, status: .badRequest)
    } catch let error as CancellationError {
        throw error
    } catch {
        return try Response(json: InferenceError(.internal, "The runner failed: \(error)"), status: .badRequest)
    }
}

extension Request {
    /// The whole body.
    func bytes(_ context: RunnerContext) async throws -> ByteBuffer {
        try await body.collect(upTo: context.maxUploadSize)
    }

    /// The body's JSON.
    func json<Value: Decodable>(_ type: Value.Type, _ context: RunnerContext) async throws -> Value {
        try JSONDecoder().decode(type, from: Data(try await bytes(context).readableBytesView))
    }
}

extension Response {
    /// A reply of a ``FramedMessage``.
    init(framed message: ByteBuffer) {
        self.init(
            status: .ok, headers: [.contentType: FramedMessage.mediaType], body: .init(byteBuffer: message))
    }

    init(json value: some Encodable, status: HTTPResponse.Status = .ok) throws {
        self.init(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(value))))
    }
}
