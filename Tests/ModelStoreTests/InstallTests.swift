import Foundation
import Inference
import ModelStore
import NIOHTTP1
import TestSupport
import Testing

@Suite("Installing over HTTP", .hangGuard)
struct InstallTests {
    let body = gguf(100_000)

    @Test("A model of the catalogue is installed, found by id and alias, and its files are as sent")
    func installs() async throws {
        try await withHome { home in
            try await FileServer.with { [body] in
                .file(body, to: $0)
            } _: { server in
                let store = ModelStore(
                    home: home, settings: settings(server), catalogue: try catalogue(sha256: sha256(body)))
                let model = try await store.install(.catalogue("Small"))
                #expect(model.id == "tiny")
                #expect(model.files == [InstalledFile(name: "tiny.gguf", bytes: body.count, sha256: sha256(body))])
                #expect(FileManager.default.contents(atPath: model.primaryFile) == Data(body))
                #expect(try store.installed() == [model])
                #expect(try store.resolve("SMALL") == model)
                #expect(leftovers(home) == ["tiny", "tiny/manifest.json", "tiny/tiny.gguf"])
            }
        }
    }

    @Test("A file with another digest is refused and leaves nothing behind")
    func digestMismatch() async throws {
        try await withHome { home in
            try await FileServer.with { [body] in
                .file(body, to: $0)
            } _: { server in
                let wrong = sha256(gguf(10))
                let store = ModelStore(
                    home: home, settings: settings(server), catalogue: try catalogue(sha256: wrong))
                let expected = InstallError.wrongDigest(file: "tiny.gguf", expected: wrong, actual: sha256(body))
                await #expect(throws: expected) { try await store.install(.catalogue("tiny")) }
                #expect(leftovers(home) == [])
                #expect(try store.installed() == [])
            }
        }
    }

    @Test("A connection cut at 37 % is resumed from there, and the whole file's digest is right")
    func resumes() async throws {
        try await withHome { home in
            let cut = body.count * 37 / 100
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                let first = request.method == .GET && request.headers["range"].isEmpty
                return .file(body, to: request, cutAfter: first ? cut : nil)
            }
            try await FileServer.with(answer) { server in
                let store = ModelStore(home: home, settings: settings(server))
                let source = try CustomSource("http://127.0.0.1:\(server.port)/m.gguf", sha256: sha256(body))
                let model = try await store.install(.custom(source, id: "mine")) { progress in
                    if progress.bytesDone == cut { server.cut() }
                }
                #expect(model.files.map(\.sha256) == [sha256(body)])
                #expect(server.requests.count == 2)
                let resumed = try #require(server.requests.last)
                #expect(resumed.headers["range"] == ["bytes=\(cut)-"])
                #expect(resumed.headers["if-range"] == ["\"1\""])
            }
        }
    }

    @Test("An install that was given up goes on where it stopped when it is asked for again")
    func resumesInANewInstall() async throws {
        try await withHome { home in
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                request.number == 0 ? .file(body, to: request, cutAfter: 40_000) : .file(body, to: request)
            }
            try await FileServer.with(answer) { server in
                var impatient = settings(server)
                impatient.attempts = 1
                let store = ModelStore(home: home, settings: impatient)
                let request = InstallRequest.custom(
                    try CustomSource("http://127.0.0.1:\(server.port)/m.gguf", sha256: sha256(body)), id: "mine")
                await #expect(throws: InstallError.self) {
                    try await store.install(request) { progress in
                        if progress.bytesDone == 40_000 { server.cut() }
                    }
                }
                _ = try await store.install(request)
                #expect(server.requests.map { $0.headers["range"] } == [[], ["bytes=40000-"]])
            }
        }
    }

    @Test("A file that changed on the server is fetched anew instead of being mixed from two versions")
    func changedFile() async throws {
        try await withHome { home in
            let other = gguf(100_000, seed: 9)
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                request.number == 0
                    ? .file(body, to: request, cutAfter: 40_000)
                    // The validator does not match any more, so the server sends all of it.
                    : FileServer.Answer(headers: ["etag": "\"2\""], body: other)
            }
            try await FileServer.with(answer) { server in
                let source = try CustomSource("http://127.0.0.1:\(server.port)/m.gguf")
                let model = try await ModelStore(home: home, settings: settings(server))
                    .install(.custom(source, id: "mine")) { progress in
                        if progress.bytesDone == 40_000 { server.cut() }
                    }
                #expect(model.files.map(\.sha256) == [sha256(other)])
            }
        }
    }

    @Test("A length other than the one expected is refused and leaves nothing behind")
    func wrongLength() async throws {
        try await withHome { home in
            try await FileServer.with { [body] in
                .file(body, to: $0)
            } _: { server in
                let store = ModelStore(home: home, settings: settings(server), catalogue: try catalogue(bytes: 99_999))
                let expected = InstallError.wrongSize(file: "tiny.gguf", expected: 99_999, actual: 100_000)
                await #expect(throws: expected) { try await store.install(.catalogue("tiny")) }
                #expect(leftovers(home) == [])
            }
        }
    }

    @Test("A missing file is said to be missing, without trying again")
    func missing() async throws {
        try await withHome { home in
            try await FileServer.with { _ in
                FileServer.Answer(status: .notFound)
            } _: { server in
                let url = "http://127.0.0.1:\(server.port)/none.gguf"
                let store = ModelStore(home: home, settings: settings(server))
                await #expect(throws: InstallError.notFound(url)) {
                    try await store.install(.custom(try CustomSource(url), id: "mine"))
                }
                #expect(server.requests.count == 1)
                #expect(leftovers(home) == [])
            }
        }
    }

    @Test("A busy server is asked again when it says so")
    func busyServer() async throws {
        try await withHome { home in
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                request.number == 0
                    ? FileServer.Answer(status: .tooManyRequests, headers: ["retry-after": "0"])
                    : .file(body, to: request)
            }
            try await FileServer.with(answer) { server in
                let source = try CustomSource("http://127.0.0.1:\(server.port)/m.gguf")
                _ = try await ModelStore(home: home, settings: settings(server)).install(.custom(source, id: "mine"))
                #expect(server.requests.count == 2)
            }
        }
    }

    @Test("A server that stays broken is given up after as many tries as the settings say")
    func givesUp() async throws {
        try await withHome { home in
            try await FileServer.with { _ in
                FileServer.Answer(status: .badGateway)
            } _: { server in
                let url = "http://127.0.0.1:\(server.port)/m.gguf"
                let expected = InstallError.unreachable(url, reason: "it answered with status 502.")
                await #expect(throws: expected) {
                    try await ModelStore(home: home, settings: settings(server))
                        .install(.custom(try CustomSource(url), id: "mine"))
                }
                #expect(server.requests.count == 3)
            }
        }
    }

    @Test("The hub's token goes to the hub, and not to another host that it points on to")
    func tokenStaysHome() async throws {
        try await withHome { home in
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                if request.path.hasPrefix("/cdn") { return .file(body, to: request) }
                let port = request.headers.first(name: "host")?.split(separator: ":").last ?? ""
                return FileServer.Answer(
                    status: .found,
                    headers: [
                        "location": "http://localhost:\(port)/cdn/tiny.gguf", "x-linked-etag": "\"\(sha256(body))\"",
                        "x-linked-size": String(body.count),
                    ])
            }
            try await FileServer.with(answer) { server in
                let store = ModelStore(
                    home: home, settings: settings(server, token: "secret"), catalogue: try catalogue())
                _ = try await store.install(.catalogue("tiny"))
                let toHub = server.requests.filter { $0.path == "/us/tiny/resolve/main/tiny.gguf" }
                let onward = server.requests.filter { $0.path.hasPrefix("/cdn") }
                #expect(toHub.map(\.method) == [.HEAD, .GET])
                #expect(toHub.allSatisfy { $0.headers["authorization"] == ["Bearer secret"] })
                #expect(onward.map { $0.headers["authorization"] } == [[]])
            }
        }
    }

    @Test("A digest that the hub announces is held against the file")
    func hubDigest() async throws {
        try await withHome { home in
            let announced = sha256(gguf(8))
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                guard request.method == .HEAD else { return .file(body, to: request) }
                return FileServer.Answer(headers: ["x-linked-etag": "\"\(announced)\""])
            }
            try await FileServer.with(answer) { server in
                let store = ModelStore(home: home, settings: settings(server), catalogue: try catalogue())
                let expected = InstallError.wrongDigest(file: "tiny.gguf", expected: announced, actual: sha256(body))
                await #expect(throws: expected) { try await store.install(.catalogue("tiny")) }
            }
        }
    }

    @Test("A file of several that had come whole before an interruption is not fetched again")
    func keepsWholeFiles() async throws {
        let json = """
            {"id": "pair", "aliases": [], "name": "Pair", "capability": "chat", "engine": "llama", "ownedBy": "us",
             "license": "MIT", "sources": [{"kind": "hub", "repository": "us/pair", "revision": "main",
               "files": [{"name": "a.gguf", "path": "a.gguf", "bytes": \(body.count), "sha256": "\(sha256(body))"},
                         {"name": "b.gguf", "path": "b.gguf", "bytes": \(body.count), "sha256": "\(sha256(body))"}]}]}
            """
        let entry = try JSONDecoder().decode(CatalogueEntry.self, from: Data(json.utf8))
        try await withHome { home in
            let answer: @Sendable (FileServer.Request) -> FileServer.Answer = { [body] request in
                request.number == 1 ? FileServer.Answer(status: .badGateway) : .file(body, to: request)
            }
            try await FileServer.with(answer) { server in
                var impatient = settings(server)
                impatient.attempts = 1
                let store = ModelStore(home: home, settings: impatient, catalogue: Catalogue(entries: [entry]))
                await #expect(throws: InstallError.self) { try await store.install(.catalogue("pair")) }
                let model = try await store.install(.catalogue("pair"))
                #expect(model.files.map(\.name) == ["a.gguf", "b.gguf"])
                #expect(server.requests.map { $0.path.split(separator: "/").last } == ["a.gguf", "b.gguf", "b.gguf"])
            }
        }
    }

    @Test("Two installs of one model at once download it once, and both get it")
    func concurrentInstalls() async throws {
        try await withHome { home in
            try await FileServer.with { [body] in
                .file(body, to: $0)
            } _: { server in
                let models = try catalogue(sha256: sha256(body))
                let patient = settings(server)
                async let first = ModelStore(home: home, settings: patient, catalogue: models)
                    .install(.catalogue("tiny"))
                async let second = ModelStore(home: home, settings: patient, catalogue: models)
                    .install(.catalogue("tiny"))
                let installed = try await [first, second]
                #expect(installed[0] == installed[1])
                #expect(server.requests.filter { $0.method == .GET }.count == 1)
            }
        }
    }
}
