import AsyncHTTPClient
import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// HTTP requests that keep a secret at the host it is for, and are tried again where that can help.
struct HTTPTransport: Sendable {
    private static let redirectLimit = 8

    private let clients: ProxiedClients
    let settings: DownloadSettings

    /// The transport of the work that this task is part of.
    @TaskLocal private static var current: HTTPTransport?

    /// Calls `body` with a transport. Calls within it, with the same settings, get the same one: all requests of one
    /// install share their connections.
    static func with<Result>(
        _ settings: DownloadSettings, _ body: (HTTPTransport) async throws -> Result
    ) async throws -> Result {
        if let current, current.settings == settings { return try await body(current) }
        var configuration = HTTPClient.Configuration()
        // Redirects are followed here: their headers matter, and so does which host gets the token.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        configuration.timeout.read = TimeAmount(settings.idleLimit)
        // Several requests on one connection, as HTTP/2 has them, would share what one connection brings.
        configuration.httpVersion = .http1Only
        let clients = ProxiedClients(configuration)
        do {
            let transport = HTTPTransport(clients: clients, settings: settings)
            let result = try await $current.withValue(transport) { try await body(transport) }
            try await clients.shutDown()
            return result
        } catch {
            try? await clients.shutDown()
            throw error
        }
    }

    /// The answer to a `GET`, after redirects, whatever its status.
    func get(_ url: String, authorization: String?, headers: HTTPHeaders) async throws -> HTTPClientResponse {
        try await follow(url, method: .GET, authorization: authorization, headers: headers) { _ in false }
    }

    /// The headers of the first answer to a `HEAD` that `wanted` accepts, or else of the last one.
    func head(
        _ url: String, authorization: String?, wanted: (HTTPHeaders) -> Bool
    ) async throws -> HTTPHeaders {
        let answer = try await follow(
            url, method: .HEAD, authorization: authorization, headers: [:], until: wanted)
        if !wanted(answer.headers) { try HTTPFailure.check(answer.status, headers: answer.headers) }
        return answer.headers
    }

    private func follow(
        _ start: String, method: HTTPMethod, authorization: String?, headers: HTTPHeaders,
        until: (HTTPHeaders) -> Bool
    ) async throws -> HTTPClientResponse {
        guard let first = URL(string: start), let home = Origin(first) else {
            throw InstallError.invalidSource(start, reason: "it is not an http or https address.")
        }
        var url = first
        for _ in 0...Self.redirectLimit {
            var request = HTTPClientRequest(url: url.absoluteString)
            request.method = method
            request.headers = headers
            request.headers.replaceOrAdd(name: "accept-encoding", value: "identity")
            request.headers.replaceOrAdd(name: "user-agent", value: "dpais")
            if let authorization, Origin(url) == home {
                request.headers.replaceOrAdd(name: "authorization", value: authorization)
            }
            let origin = Origin(url) ?? home
            let proxy = settings.proxies.proxy(scheme: origin.scheme, host: origin.host, port: origin.port)
            let answer = try await clients.execute(request, through: proxy)
            guard [301, 302, 303, 307, 308].contains(answer.status.code), !until(answer.headers),
                let location = answer.headers.first(name: "location")
            else { return answer }
            guard let next = URL(string: location, relativeTo: url)?.absoluteURL, let origin = Origin(next),
                origin.scheme == "https" || home.scheme == "http"
            else {
                throw InstallError.invalidSource(
                    start, reason: "it points on to an address that is not safe to follow.")
            }
            url = next
        }
        throw InstallError.invalidSource(start, reason: "it points on from address to address without an end.")
    }
}

extension DownloadSettings {
    /// What is sent along to an address: the token, where it is one of the hub's, and nothing to anybody else.
    func authorization(for address: String) -> String? {
        guard let hubToken, let url = URL(string: address), let origin = Origin(url),
            let home = URL(string: hub).flatMap(Origin.init), origin == home
        else { return nil }
        return "Bearer " + hubToken
    }
}

/// Scheme, host and port: who is spoken to (RFC 6454).
private struct Origin: Equatable {
    var scheme: String
    var host: String
    var port: Int

    init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host(percentEncoded: false)?.lowercased(), !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = url.port ?? (scheme == "https" ? 443 : 80)
    }
}
