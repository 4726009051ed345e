import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import RunnerProtocol
import Testing

@Suite("Connections that come while a server stops")
struct HeldConnectionsTests {
    @Test("are closed where nobody handles them, and do not end the process", .timeLimit(.minutes(1)))
    func unhandled() async throws {
        let connections = HeldConnections(base: HTTP1Channel(responder: { _, _, _ in }))
        let channel = NIOAsyncTestingChannel()
        // Let go at once, as Hummingbird does.
        _ = try await channel.eventLoop.flatSubmit {
            connections.setup(channel: channel, logger: Logger(label: "test"))
        }.get()
        try await channel.closeFuture.get()
    }
}
