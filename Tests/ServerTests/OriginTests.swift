import HTTPTypes
import Server
import Testing

@Suite("Who may call")
struct OriginTests {
    static let flags: [String: SettingFlag] = [
        "server.allowed-hosts": .list(["box.lan"]), "server.allowed-origins": .list(["https://app.example"]),
    ]

    @Test(
        "is answered under loopback and configured names, with and without a port",
        arguments: [
            "localhost", "localhost:8553", "LOCALHOST:1", "127.0.0.1:8553", "127.8.9.1", "[::1]:8553", "[::1]",
            "box.lan:9",
        ])
    func ownHosts(host: String) async throws {
        #expect(try await Surface(flags: Self.flags).call(.get, "/health", host: host).status == 200)
    }

    @Test(
        "is refused under other names",
        arguments: [
            "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1:8553", "127.0.0", "[::2]:80",
        ])
    func otherHosts(host: String) async throws {
        let reply = try await Surface(flags: Self.flags).call(.get, "/health", host: host)
        #expect(reply.status == 403)
        #expect(try reply.error("code") == "host_not_allowed")
    }

    @Test("needs to say which host it means")
    func noHost() async throws {
        #expect(try await Surface().call(.get, "/health", host: nil).status == 400)
    }

    @Test(
        "may be a page of this server or of a configured origin",
        arguments: [
            "http://localhost:8553", "http://127.0.0.1:8553", "https://app.example",
        ])
    func ownOrigins(origin: String) async throws {
        let reply = try await Surface(flags: Self.flags).call(.get, "/v1/models", headers: [.origin: origin])
        #expect(reply.status == 200)
        #expect(reply.headers[.accessControlAllowOrigin] == origin)
        #expect(reply.headers[.vary] == "origin")
    }

    @Test(
        "may not be another page",
        arguments: [
            "null", "https://evil.example", "http://localhost:3000", "https://localhost:8553", "http://app.example", "",
        ])
    func otherOrigins(origin: String) async throws {
        let reply = try await Surface(flags: Self.flags).call(.get, "/v1/models", headers: [.origin: origin])
        #expect(reply.status == 403)
        #expect(reply.headers[.accessControlAllowOrigin] == nil)
    }

    @Test("is told in a preflight what it may send")
    func preflight() async throws {
        let headers: HTTPFields = [
            .origin: "https://app.example", .accessControlRequestMethod: "POST",
            .accessControlRequestHeaders: "content-type",
        ]
        let reply = try await Surface(flags: Self.flags).call(.options, "/v1/chat/completions", headers: headers)
        #expect(reply.status == 204)
        #expect(reply.headers[.accessControlAllowMethods] == "POST")
        #expect(reply.headers[.accessControlAllowHeaders] == "content-type")
        #expect(reply.headers[.accessControlAllowOrigin] == "https://app.example")
    }

    @Test("gets no preflight answered for another origin")
    func refusedPreflight() async throws {
        let headers: HTTPFields = [.origin: "https://evil.example", .accessControlRequestMethod: "POST"]
        let reply = try await Surface(flags: Self.flags).call(.options, "/v1/chat/completions", headers: headers)
        #expect(reply.status == 403)
    }

    @Test("can read errors too, where the page is allowed")
    func errorsAreReadable() async throws {
        let reply = try await Surface(flags: Self.flags).call(
            .get, "/v1/nothing", headers: [.origin: "https://app.example"])
        #expect(reply.status == 404)
        #expect(reply.headers[.accessControlAllowOrigin] == "https://app.example")
    }
}
