import Logging
import NIOCore
import NIOPosix
import Server
import ServiceLifecycle
import TestSupport

/// Runs a real server on a free port for the length of a test, then shuts it down gracefully.
func withServer<Value: Sendable>(
    _ chat: FakeChat, flags: [String: SettingFlag] = [:],
    _ body: @escaping @Sendable (_ port: Int, _ services: ServiceGroup) async throws -> Value
) async throws -> Value {
    try await withServer(FakeRunners(chat: chat), flags: flags, body)
}

/// The same, with models that do more than chat.
func withServer<Value: Sendable>(
    _ runners: FakeRunners, flags: [String: SettingFlag] = [:],
    _ body: @escaping @Sendable (_ port: Int, _ services: ServiceGroup) async throws -> Value
) async throws -> Value {
    let settings = try await Settings.load(flags: flags.merging(["server.port": .number(0)]) { given, _ in given })
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let logger = Logger.silent
    let uploads = try TemporaryUploads()
    let server = DpaisServer(
        settings: settings, store: try FakeModels(), pool: runners, uploads: uploads.folder, logger: logger
    ) { port in
        continuation.yield(port)
    }
    let services = ServiceGroup(configuration: .init(services: [server], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await services.run()
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await group.next()
            throw ServerDidNotListen()
        }
        let value = try await body(port, services)
        await services.triggerGracefulShutdown()
        try await group.waitForAll()
        return value
    }
}

struct ServerDidNotListen: Error {}

/// A connection that sends and reads bytes as they are.
struct RawConnection {
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received = ""

    /// Opens a connection, and closes it when the body is done.
    static func open<Value: Sendable>(
        port: Int, _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&connection)
        }
    }

    private init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.outbound = outbound
        self.inbound = inbound
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Asks for a completion.
    func complete(stream: Bool) async throws {
        let body = #"{"model": "tiny", "stream": \#(stream), "messages": [{"role": "user", "content": "Hi"}]}"#
        try await post("/v1/chat/completions", body)
    }

    /// Sends a body whole.
    func post(_ path: String, _ body: String, type: String = "application/json") async throws {
        try await post(path, bytes: Array(body.utf8), type: type)
    }

    func post(_ path: String, bytes: [UInt8], type: String) async throws {
        try await send(
            "POST \(path) HTTP/1.1\r\nhost: localhost\r\ncontent-type: \(type)\r\n"
                + "content-length: \(bytes.count)\r\n\r\n")
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Reads until this text has come, and gives back what came up to its end; `nil` where the connection ends first.
    mutating func read(upTo mark: String) async throws -> String? {
        while true {
            if let end = received.firstRange(of: mark)?.upperBound {
                defer { received = String(received[end...]) }
                return String(received[..<end])
            }
            guard let more = try await inbound.next() else { return nil }
            received += String(buffer: more)
        }
    }
}
