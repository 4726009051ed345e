import HummingbirdCore
import Logging
import NIOCore
import Synchronization

extension HTTPServerBuilder {
    /// HTTP/1.1, with connections that may come while the server stops to listen.
    ///
    /// Such a connection is accepted and never handled. Hummingbird drops it then, and what NIO writes it with ends the
    /// process where it is dropped unfinished; here it is finished and closed.
    public static func held(_ configuration: HTTP1Channel.Configuration) -> HTTPServerBuilder {
        HTTPServerBuilder { HeldConnections(base: HTTP1Channel(responder: $0, configuration: configuration)) }
    }
}

/// Connections of HTTP/1.1 that are closed where nobody handles them.
package struct HeldConnections: ServerChildChannel {
    private let base: HTTP1Channel

    package init(base: HTTP1Channel) {
        self.base = base
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HeldConnection> {
        base.setup(channel: channel, logger: logger).map(HeldConnection.init)
    }

    package func handle(value: HeldConnection, logger: Logger) async {
        value.isHandled.store(true, ordering: .relaxed)
        await base.handle(value: value.connection, logger: logger)
    }
}

/// A connection that closes itself when it is let go, unless it has been handled.
package final class HeldConnection: ServerChildChannelValue {
    fileprivate let connection: HTTP1Channel.Value
    /// What handles a connection finishes and closes it.
    fileprivate let isHandled = Atomic(false)

    fileprivate init(_ connection: HTTP1Channel.Value) {
        self.connection = connection
    }

    package var channel: any Channel { connection.channel }

    deinit {
        guard !isHandled.load(ordering: .relaxed) else { return }
        Task { [connection] in try? await connection.executeThenClose { _, _ in } }
    }
}
