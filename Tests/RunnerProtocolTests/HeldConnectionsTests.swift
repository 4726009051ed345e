import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import RunnerProtocol
import TestSupport
import Testing

@Suite("Connections that come while a server stops")
struct HeldConnectionsTests {
    @Test("are closed where nobody handles them, and do not end the process", .hangGuard)
    func unhandled() async throws {
        let connections = HeldConnections(base: HTTP1Channel(responder: { _, _, _ in }))
        let channel = NIOAsyncTestingChannel()
        // Let go at once, as Hummingbird does. An accepted connection is active, and the channel holds its writer no more.
        _ = try await channel.eventLoop.flatSubmit {
            connections.setup(channel: channel, logger: Logger(label: "test")).map { connection in
                channel.pipeline.fireChannelActive()
                return connection
            }
        }.get()
        let closed = AsyncStream<Void> { stream in channel.closeFuture.whenComplete { _ in stream.finish() } }
        for await _ in closed {}
        #expect(!Task.isCancelled)
    }
}
