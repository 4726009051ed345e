import Inference
import Server
import ServiceLifecycle
import TestSupport
import Testing

@Suite("Connections", .hangGuard)
struct ConnectionTests {
    /// Answers that begin and never end, and the news of what became of them.
    private func endless() -> (chat: FakeChat, started: AsyncStream<Void>, ended: AsyncStream<Void>) {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let chat = FakeChat { _ in
            AsyncThrowingStream { continuation in
                continuation.onTermination = { _ in end.yield() }
                continuation.yield([.text("a")])
                start.yield()
            }
        }
        return (chat, started, ended)
    }

    @Test("that the client closes end the work for it", arguments: [true, false])
    func departure(stream: Bool) async throws {
        let (chat, started, ended) = endless()
        try await withServer(chat) { port, _ in
            try await RawConnection.open(port: port) { connection in
                try await connection.complete(stream: stream)
                _ = await started.first { _ in true }
            }
            // Would never come if the departure went unnoticed.
            _ = await ended.first { _ in true }
        }
    }

    @Test("serve one request after another", arguments: [true, false])
    func keepAlive(stream: Bool) async throws {
        try await withServer(FakeChat([[.text("word")], .end()])) { port, _ in
            try await RawConnection.open(port: port) { connection in
                for _ in 0..<3 {
                    try await connection.complete(stream: stream)
                    let head = try #require(try await connection.read(upTo: "\r\n\r\n"))
                    #expect(head.hasPrefix("HTTP/1.1 200"))
                    #expect(try await connection.read(upTo: stream ? "[DONE]" : "\"total_tokens\":8") != nil)
                    if stream { #expect(try await connection.read(upTo: "0\r\n\r\n") != nil) }
                    if !stream { #expect(try await connection.read(upTo: "}}") != nil) }
                }
            }
        }
    }

    @Test("are told that a body is too large before all of it has come")
    func tooLarge() async throws {
        try await withServer(FakeChat([]), flags: ["server.body-limit": .number(1_024)]) { port, _ in
            try await RawConnection.open(port: port) { connection in
                try await connection.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n")
                try await connection.send("400\r\n\(String(repeating: " ", count: 1_024))\r\n")
                try await connection.send("1\r\n \r\n")
                let head = try #require(try await connection.read(upTo: "\r\n\r\n"))
                #expect(head.hasPrefix("HTTP/1.1 413"))
                #expect(head.lowercased().contains("connection: close"))
            }
        }
    }

    @Test("are told that a body took too long")
    func tooSlow() async throws {
        try await withServer(FakeChat([]), flags: ["server.read-timeout": .number(1)]) { port, _ in
            try await RawConnection.open(port: port) { connection in
                try await connection.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n{")
                #expect(try await connection.read(upTo: "\r\n\r\n")?.hasPrefix("HTTP/1.1 408") == true)
            }
        }
    }

    @Test("finish their answer when the server shuts down")
    func gracefulShutdown() async throws {
        let (events, script) = AsyncThrowingStream.makeStream(of: [GenerationEvent].self)
        script.yield([.text("first")])
        try await withServer(FakeChat { _ in events }) { port, services in
            try await RawConnection.open(port: port) { connection in
                try await connection.complete(stream: true)
                #expect(try await connection.read(upTo: "first") != nil)
                await services.triggerGracefulShutdown()
                script.yield([.text("second")])
                script.yield(.end())
                #expect(try await connection.read(upTo: "second") != nil)
                #expect(try await connection.read(upTo: "[DONE]") != nil)
            }
        }
    }

    @Test("are closed when their answer outlasts the grace of a shutdown", arguments: [true, false])
    func shutdownLimit(stream: Bool) async throws {
        let (chat, started, ended) = endless()
        try await withServer(chat, flags: ["server.shutdown-grace": .number(1)]) { port, services in
            try await RawConnection.open(port: port) { connection in
                try await connection.complete(stream: stream)
                _ = await started.first { _ in true }
                await services.triggerGracefulShutdown()
                _ = await ended.first { _ in true }
                #expect(try await connection.read(upTo: "[DONE]") == nil)
            }
        }
    }

    @Test("cannot be made twice on one port, and the error says what to do")
    func portInUse() async throws {
        try await withServer(FakeChat([])) { port, _ in
            let error = await #expect(throws: ServerStartError.self) {
                try await withServer(FakeChat([]), flags: ["server.port": .number(port)]) { _, _ in }
            }
            #expect(error == .portInUse(host: "127.0.0.1", port: port))
            #expect(error?.description.contains("--port") == true)
        }
    }
}
