import NIOCore

/// Notices that the client closes its connection while a reply is being worked on.
///
/// The closing shows as the end of the input (a FIN), long before any write fails; while a long prompt is read there
/// are no writes at all. HTTP/1.1 would let a client close its sending side and still read, but no client of this API
/// does, and other servers take it for a departure too.
///
/// Hummingbird's own way (`consumeWithInboundCloseHandler`) reads the connection's requests ahead, and so has to close
/// the connection after each reply. Watching the channel leaves keep-alive as it is.
final class ClientDepartureHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    let departure = ClientDeparture()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { departure.announce() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        departure.announce()
        context.fireChannelInactive()
    }
}

extension Channel {
    /// The departure of this connection's client. A channel without the handler has a client that never departs.
    func clientDeparture() async -> ClientDeparture {
        let found = try? await eventLoop.submit {
            try self.pipeline.syncOperations.handler(type: ClientDepartureHandler.self).departure
        }.get()
        return found ?? ClientDeparture()
    }

    /// Closes the connection after a moment in which what the client still sends is read and dropped: closing at once
    /// would reset the connection, and the client would lose the reply that tells it why.
    func closeAfterLingering(_ time: TimeAmount = .seconds(2)) {
        eventLoop.scheduleTask(in: time) { self.close(mode: .all, promise: nil) }
    }
}
