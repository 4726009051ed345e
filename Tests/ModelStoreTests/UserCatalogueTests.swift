import Foundation
import ModelStore
import NIOHTTP1
import TestSupport
import Testing

@Suite("Catalogues of the user's own", .hangGuard)
struct UserCatalogueTests {
    /// A catalogue of one model, whose file is on a web server.
    private func catalogue(id: String = "ours", alias: String = "our-model", digest: String = "") -> String {
        let sha256 = digest.isEmpty ? "" : #", "sha256": "\#(digest)""#
        return """
            {"models": [{"id": "\(id)", "aliases": ["\(alias)"], "name": "Ours", "capability": "chat",
              "engine": "llama", "ownedBy": "us", "license": "MIT", "languages": ["en"], "summary": "For us.",
              "memoryBytes": 1234567, "sources": [
                {"kind": "web", "address": "http://127.0.0.1:1/models/", "files": [{"name": "m.gguf", "path": "m.gguf"\(sha256)}]}]}]}
            """
    }

    private func write(_ text: String, _ home: Home, _ name: String = "ours.json") throws -> String {
        let path = home.root + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test("A catalogue that was added is pinned, listed, merged after the built-in one, and removed")
    func life() async throws {
        try await withHome { home in
            let store = ModelStore(home: home)
            let path = try write(catalogue(), home)
            let added = try await store.catalogues.add(location: path)
            #expect(added.id == "ours" && added.models == ["ours"] && added.location == path)
            #expect(added.sha256 == sha256(Array(catalogue().utf8)))
            #expect(try store.catalogues.list() == [added])
            #expect(try await store.catalogues.add(location: path) == added)
            let merged = try store.catalogue()
            #expect(merged.entries.last?.id == "ours" && merged.notices.isEmpty)
            #expect(merged.entry(named: "our-model")?.summary == "For us.")
            // The user's own file is not needed any more.
            try FileManager.default.removeItem(atPath: path)
            #expect(try store.catalogue().entry(named: "ours") != nil)
            try store.catalogues.remove("ours")
            #expect(try store.catalogues.list().isEmpty && store.catalogue().entry(named: "ours") == nil)
            #expect(throws: CatalogueError.unknown(name: "ours", known: [])) { try store.catalogues.remove("ours") }
        }
    }

    @Test("A model of such a catalogue is installed by its name, with what the catalogue says of it")
    func installs() async throws {
        let body = gguf(1_000)
        try await withHome { home in
            try await FileServer.with { request in
                request.path == "/catalogue.json"
                    ? FileServer.Answer(
                        body: Array(
                            catalogue(digest: sha256(body)).replacingOccurrences(
                                of: "127.0.0.1:1/", with: (request.headers.first(name: "host") ?? "") + "/"
                            ).utf8))
                    : .file(body, to: request)
            } _: { server in
                let store = ModelStore(home: home, settings: settings(server))
                let added = try await store.catalogues.add(location: "http://127.0.0.1:\(server.port)/catalogue.json")
                #expect(added.id == "catalogue")
                let model = try await store.install(.catalogue("our-model"))
                #expect(model.id == "ours" && model.files.map(\.sha256) == [sha256(body)])
                #expect(model.languages == ["en"] && model.summary == "For us." && model.memoryBytes == 1_234_567)
                #expect(server.requests.map(\.path) == ["/catalogue.json", "/models/m.gguf"])
                try store.catalogues.remove("catalogue")
                #expect(try store.installed() == [model])
            }
        }
    }

    @Test("A digest that is given has to be the file's")
    func givenDigest() async throws {
        try await withHome { home in
            let catalogues = UserCatalogues(home: home)
            let path = try write(catalogue(), home)
            let right = sha256(Array(catalogue().utf8))
            let wrong = String(repeating: "0", count: 64)
            await #expect(throws: CatalogueError.wrongDigest(catalogue: "ours", expected: wrong, actual: right)) {
                try await catalogues.add(location: path, sha256: wrong)
            }
            await #expect(throws: CatalogueError.invalidDigest("abc")) {
                try await catalogues.add(location: path, sha256: "abc")
            }
            #expect(try catalogues.list().isEmpty)
            #expect(try await catalogues.add(location: path, sha256: right.uppercased()).sha256 == right)
        }
    }

    @Test("A catalogue that has changed is refused, at its place and in the home")
    func changed() async throws {
        try await withHome { home in
            let store = ModelStore(home: home)
            let path = try write(catalogue(), home)
            let added = try await store.catalogues.add(location: path)
            let other = catalogue(alias: "another")
            _ = try write(other, home)
            let refusal = CatalogueError.alreadyAdded(
                name: "ours", pinned: added.sha256, actual: sha256(Array(other.utf8)))
            await #expect(throws: refusal) { try await store.catalogues.add(location: path) }
            // Somebody changes the copy in the home.
            try Data(other.utf8).write(to: URL(filePath: home.root + "/catalogues/ours/catalogue.json"))
            let merged = try store.catalogue()
            #expect(merged.entry(named: "ours") == nil && merged.notices.count == 1)
            #expect(merged.notices.first?.contains(added.sha256) == true)
            let error = await #expect(throws: InstallError.self) { try await store.install(.catalogue("ours")) }
            #expect(error?.description.contains(added.sha256) == true)
        }
    }

    @Test("An entry with the name of another model is refused, by whichever of its names", arguments: ["id", "alias"])
    func takenNames(which: String) async throws {
        try await withHome { home in
            let catalogues = UserCatalogues(home: home)
            let text = which == "id" ? catalogue(id: "phi3.5") : catalogue(alias: "smollm2")
            let error = await #expect(throws: CatalogueError.self) {
                try await catalogues.add(location: write(text, home))
            }
            #expect(error?.description.contains(which == "id" ? "phi3.5" : "smollm2-135m") == true)
            #expect(error?.description.contains("built-in") == true)
            _ = try await catalogues.add(location: write(catalogue(), home))
            let second = await #expect(throws: CatalogueError.self) {
                try await catalogues.add(location: write(catalogue(alias: "other"), home, "second.json"))
            }
            #expect(second?.description.contains("another catalogue") == true)
        }
    }

    @Test(
        "What is wrong with an entry is said with its name",
        arguments: [
            (#""id": "ours""#, #""id": "Not OK""#, "its id"),
            (#""m.gguf", "path""#, #""../m", "path""#, "plain file name"),
            (#""path": "m.gguf""#, #""path": "../m.gguf""#, "must lie in its source"),
            (#""path": "m.gguf""#, #""path": "m.gguf", "sha256": "12""#, "SHA-256"),
            (#""path": "m.gguf""#, #""path": "m.gguf", "bytes": -1"#, "below 0"),
            (#""our-model""#, #""our-model", "ours""#, "there twice"), (#""our-model""#, #""Our""#, "lower case"),
            ("http://127", "ftp://127", "http or https"),
            (#""license": "MIT","#, #""license": "MIT", "projector": "x","#, "projector"),
            (#""chat""#, #""cooking""#, "capability"), (#""ownedBy": "us","#, "", "ownedBy is missing"),
            (#"{"models""#, #"{"model""#, "models is missing"),
            (#""memoryBytes": 1234567"#, #""memoryBytes": 0"#, "memory"),
            ("}]}]}]}", "}]}]}", "not JSON"),
        ])
    func faults(right: String, wrong: String, reason: String) async throws {
        try await withHome { home in
            let text = catalogue().replacingOccurrences(of: right, with: wrong)
            let error = await #expect(throws: CatalogueError.self) {
                try await UserCatalogues(home: home).add(location: write(text, home))
            }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("'ours'") == true)
        }
    }
}
