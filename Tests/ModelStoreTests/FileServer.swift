import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP server on a free port of the loopback interface, whose answers a test writes itself.
final class FileServer: Sendable {
    struct Request: Sendable {
        var method: HTTPMethod
        var path: String
        var headers: HTTPHeaders
        /// How many requests came before this one.
        var number: Int

        /// What of a body of this size is asked for; `nil` where all is.
        func range(of count: Int) -> Range<Int>? {
            guard let text = headers.first(name: "range")?.dropFirst("bytes=".count) else { return nil }
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count == 2, let first = ends[0], first < count else { return nil }
            return first..<min(count, (ends[1] ?? count - 1) + 1)
        }
    }

    struct Answer: Sendable {
        var status: HTTPResponseStatus = .ok
        var headers: HTTPHeaders = [:]
        var body: [UInt8] = []
        /// No more than this many bytes of the body are sent; the connection then waits for ``FileServer/cut()``.
        var cutAfter: Int?

        /// The file, or what of it a `Range` asks for.
        static func file(_ body: [UInt8], to request: Request, cutAfter: Int? = nil) -> Answer {
            guard let range = request.range(of: body.count) else {
                return Answer(headers: ["etag": "\"1\""], body: body, cutAfter: cutAfter)
            }
            return Answer(
                status: .partialContent,
                headers: [
                    "etag": "\"1\"",
                    "content-range": "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(body.count)",
                ],
                body: Array(body[range]), cutAfter: cutAfter)
        }
    }

    private let channel: any Channel
    private let log: RequestLog

    var port: Int { channel.localAddress?.port ?? 0 }
    var requests: [Request] { log.requests.withLock { $0 } }

    private init(channel: any Channel, log: RequestLog) {
        self.channel = channel
        self.log = log
    }

    /// Closes the connections on which an answer has stopped short.
    func cut() {
        let channels = log.waitingToBeCut.withLock { channels in
            defer { channels = [] }
            return channels
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Runs a server for as long as `body` does.
    static func with<Result>(
        _ answer: @escaping @Sendable (Request) -> Answer, _ body: (FileServer) async throws -> Result
    ) async throws -> Result {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(answer: answer, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = FileServer(channel: channel, log: log)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }
}

private final class RequestLog: Sendable {
    let requests = Mutex<[FileServer.Request]>([])
    let waitingToBeCut = Mutex<[any Channel]>([])

    func add(_ head: HTTPRequestHead) -> FileServer.Request {
        requests.withLock { requests in
            let request = FileServer.Request(
                method: head.method, path: head.uri, headers: head.headers, number: requests.count)
            requests.append(request)
            return request
        }
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (FileServer.Request) -> FileServer.Answer
    private let log: RequestLog
    private var head: HTTPRequestHead?

    init(answer: @escaping @Sendable (FileServer.Request) -> FileServer.Answer, log: RequestLog) {
        self.answer = answer
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end: respond(context)
        }
    }

    private func respond(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let answer = answer(log.add(head))
        var headers = answer.headers
        if !headers.contains(name: "content-length") {
            headers.add(name: "content-length", value: String(answer.body.count))
        }
        let response = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD {
            let bytes = answer.body.prefix(answer.cutAfter ?? answer.body.count)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }
        guard answer.cutAfter == nil else {
            log.waitingToBeCut.withLock { $0.append(context.channel) }
            context.flush()
            return
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
