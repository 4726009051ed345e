import Foundation
import ModelStore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@Suite("Fetching a file over several connections", .hangGuard)
struct ParallelDownloadTests {
    let body = gguf(100_000)

    /// The parts of the body that were asked for, in order.
    private func asked(_ server: FileServer) -> [Range<Int>] {
        server.requests.compactMap { $0.range(of: body.count) }.sorted { $0.lowerBound < $1.lowerBound }
    }

    private func install(_ home: Home, _ server: FileServer, sha256: String? = nil) async throws -> InstalledModel {
        let source = try CustomSource("http://127.0.0.1:\(server.port)/m.gguf", sha256: sha256)
        return try await ModelStore(home: home, settings: settings(server, pieceBytes: 6_000))
            .install(.custom(source, id: "mine"))
    }

    @Test("Every byte is asked for once, in parts, and the digest is that of the whole")
    func parts() async throws {
        try await withHome { home in
            try await FileServer.with { [body] in
                .file(body, to: $0)
            } _: { server in
                let model = try await install(home, server)
                #expect(model.files.map(\.sha256) == [sha256(body)])
                let asked = asked(server)
                #expect(asked.count > 4 && asked.first?.lowerBound == 0 && asked.last?.upperBound == body.count)
                #expect(zip(asked, asked.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
                // After the first answer, the version that it was of is asked for.
                #expect(server.requests.count { $0.headers["if-range"] == ["\"1\""] } == asked.count - 1)
            }
        }
    }

    @Test("What several connections had brought before they failed is not asked for again")
    func resumes() async throws {
        try await withHome { home in
            let isWell = Mutex(false)
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                let isLate = (request.range(of: body.count)?.lowerBound ?? 0) >= 37_000
                return isLate && !isWell.withLock { $0 }
                    ? FileServer.Answer(status: .badGateway) : .file(body, to: request)
            }
            try await FileServer.with(answer) { server in
                await #expect(throws: InstallError.self) { try await install(home, server) }
                let brought = server.requests.filter { ($0.range(of: body.count)?.lowerBound ?? 0) < 37_000 }.count
                isWell.withLock { $0 = true }
                let model = try await install(home, server)
                #expect(model.files.map(\.sha256) == [sha256(body)])
                let early = server.requests.filter { ($0.range(of: body.count)?.lowerBound ?? 0) < 37_000 }
                #expect(early.count == brought)
            }
        }
    }

    @Test("A file that changes between two parts is fetched anew, and no two versions are mixed")
    func changes() async throws {
        try await withHome { home in
            let other = gguf(100_000, seed: 9)
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                guard request.number > 2 else { return .file(body, to: request) }
                // Where the version is not the one that was asked for, all of the new one comes.
                guard request.headers["if-range"].isEmpty || request.headers["if-range"] == ["\"2\""],
                    let range = request.range(of: other.count)
                else { return FileServer.Answer(headers: ["etag": "\"2\""], body: other) }
                return FileServer.Answer(
                    status: .partialContent,
                    headers: [
                        "etag": "\"2\"", "content-range": "bytes \(range.lowerBound)-\(range.upperBound - 1)/100000",
                    ],
                    body: Array(other[range]))
            }
            try await FileServer.with(answer) { server in
                let model = try await install(home, server)
                #expect(model.files.map(\.sha256) == [sha256(other)])
            }
        }
    }

    @Test("A server that sends on past the end that was asked for is read in one piece")
    func sendsOn() async throws {
        try await withHome { home in
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                let first = request.range(of: body.count)?.lowerBound ?? 0
                return FileServer.Answer(
                    status: .partialContent,
                    headers: ["etag": "\"1\"", "content-range": "bytes \(first)-\(body.count - 1)/\(body.count)"],
                    body: Array(body[first...]))
            }
            try await FileServer.with(answer) { server in
                let model = try await install(home, server)
                #expect(model.files.map(\.sha256) == [sha256(body)])
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("Bytes that are not what was counted are found by their digest, and fetched anew")
    func lostBytes() async throws {
        try await withHome { home in
            let isWell = Mutex(false)
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                request.number > 2 && !isWell.withLock { $0 }
                    ? FileServer.Answer(status: .badGateway) : .file(body, to: request)
            }
            try await FileServer.with(answer) { server in
                await #expect(throws: InstallError.self) { try await install(home, server, sha256: sha256(body)) }
                let staging = home.models + "/.staging/mine/mine.gguf.part"
                // The machine has lost its power: the counts were written, and not what they count.
                var bytes = try Data(contentsOf: URL(filePath: staging))
                bytes.resetBytes(in: 0..<bytes.count)
                try bytes.write(to: URL(filePath: staging))
                isWell.withLock { $0 = true }
                let model = try await install(home, server, sha256: sha256(body))
                #expect(model.files.map(\.sha256) == [sha256(body)])
            }
        }
    }
}
