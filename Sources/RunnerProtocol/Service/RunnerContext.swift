import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What a runner knows of a request: its connection, so that work ends when the connection does.
struct RunnerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Inputs of embeddings and pictures may be large; the server has checked them against its own limits.
    var maxUploadSize: Int { 1 << 30 }

    /// Notes which request of the server's this one is part of.
    func logTrace(_ work: String, of request: Request) {
        let trace = HTTPField.Name.traceparent.flatMap { request.headers[$0] }
        logger.debug("\(work)", metadata: ["traceparent": "\(trace ?? "none")"])
    }
}

extension HTTPField.Name {
    /// W3C trace context.
    fileprivate static let traceparent = HTTPField.Name(parsed: "traceparent")
}

/// Closes a connection at once when its peer has closed its side: nobody is left to read an answer.
final class PeerCloseHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
