import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SystemSupport

/// An HTTP client for each proxy that is needed, and one for those who need none.
final class ProxiedClients: Sendable {
    private let configuration: HTTPClient.Configuration
    private let clients = Locked<[Proxy?: HTTPClient]>([:])

    init(_ configuration: HTTPClient.Configuration) {
        var configuration = configuration
        configuration.http1_1ConnectionDebugInitializer = Self.initializer(isProxied: false)
        self.configuration = configuration
    }

    private static func initializer(isProxied: Bool) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
        { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
                try pipeline.addHandler(AnswersThatBreakOff(), position: .after(decoder))
                if isProxied { try pipeline.addHandler(AbsoluteForm(), position: .after(decoder)) }
            }
        }
    }

    /// Sends a request, through a proxy where there is one.
    func execute(_ request: HTTPClientRequest, through proxy: Proxy?) async throws -> HTTPClientResponse {
        guard let proxy else {
            return try await client(nil) { _ in }.execute(request, deadline: .distantFuture)
        }
        guard proxy.kind != .unknown else {
            throw InstallError.invalidSource(
                "\(proxy.host):\(proxy.port)",
                reason: "it is set as a proxy, but only those of http:// and socks5:// can be used.")
        }
        var request = request
        let isPlain = request.url.lowercased().hasPrefix("http:")
        if proxy.kind == .http, isPlain { Self.address(&request, to: proxy) }
        return try await client(proxy, isPlain: isPlain) { configuration in
            switch proxy.kind {
            case .socks: configuration.proxy = .socksServer(host: proxy.host, port: proxy.port)
            case .http where isPlain:
                configuration.http1_1ConnectionDebugInitializer = Self.initializer(isProxied: true)
            default:
                configuration.proxy = .server(
                    host: proxy.host, port: proxy.port,
                    authorization: proxy.user.map { .basic(username: $0, password: proxy.password ?? "") })
            }
        }.execute(request, deadline: .distantFuture)
    }

    func shutDown() async throws {
        for client in all() { try await client.shutdown() }
    }

    /// A request for a plain address goes to the proxy itself, with the whole address in its first line, where the
    /// client would have the proxy build a tunnel: many allow that for TLS alone.
    private static func address(_ request: inout HTTPClientRequest, to proxy: Proxy) {
        let rest = request.url.dropFirst("http://".count)
        let authority = rest.prefix { !"/?#".contains($0) }
        let name = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let path = rest.dropFirst(authority.count)
        let host = proxy.host.contains(":") ? "[\(proxy.host)]" : proxy.host
        request.url = "http://\(host):\(proxy.port)\(path.hasPrefix("/") ? "" : "/")\(path)"
        request.headers.replaceOrAdd(name: "host", value: String(name))
        if let authorization = proxy.authorization {
            request.headers.replaceOrAdd(name: "proxy-authorization", value: authorization)
        }
    }

    private func client(
        _ proxy: Proxy?, isPlain: Bool = false, _ configure: (inout HTTPClient.Configuration) -> Void
    ) -> HTTPClient {
        var key = proxy
        // The two ways to one proxy are told apart by what no proxy is called.
        if isPlain, proxy?.kind == .http { key?.host += "/" }
        return clients.withLock { clients in
            if let client = clients[key] { return client }
            var configuration = configuration
            configure(&configuration)
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[key] = client
            return client
        }
    }

    private func all() -> [HTTPClient] {
        clients.withLock { Array($0.values) }
    }
}

/// Puts the whole address into a request's first line, as proxies want it (RFC 9112, 3.2.2).
private final class AbsoluteForm: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), let host = head.headers.first(name: "host") else {
            context.write(data, promise: promise)
            return
        }
        head.uri = "http://" + host + head.uri
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
