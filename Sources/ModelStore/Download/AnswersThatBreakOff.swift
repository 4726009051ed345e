import NIOCore
import NIOHTTP1

/// Ends an answer when its connection breaks off, so that all that has come of it is handed on: the client would throw
/// away what its reader has not asked for yet, and it would have to be fetched again. Whether an answer was whole is
/// known by its length, so this is for those alone that state one.
final class AnswersThatBreakOff: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private var isInBody = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isInBody = head.status.code >= 200 && head.headers.contains(name: "content-length")
        case .body: break
        case .end: isInBody = false
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        endAnswer(context)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        endAnswer(context)
        context.fireChannelInactive()
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        guard isInBody else { return }
        isInBody = false
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }
}
