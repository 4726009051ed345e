import Foundation
import Inference
import ModelStore
import Synchronization
import Testing

@Suite("Installing a file of this machine")
struct LocalInstallTests {
    private func write(_ bytes: [UInt8], _ name: String, in home: Home) throws -> CustomSource {
        let path = home.root + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try CustomSource(path)
    }

    @Test("The file is copied, its digest recorded, and the user's own left alone")
    func copies() async throws {
        try await withHome { home in
            let bytes = gguf(3_000_000)
            let model = try await ModelStore(home: home)
                .install(.custom(try write(bytes, "mine.gguf", in: home), id: "Mine"))
            #expect(model.id == "mine")
            #expect(model.files == [InstalledFile(name: "mine.gguf", bytes: bytes.count, sha256: sha256(bytes))])
            #expect(FileManager.default.contents(atPath: home.root + "/mine.gguf") == Data(bytes))
        }
    }

    @Test("A cancelled install stops in the middle of a copy, and installs nothing")
    func cancelled() async throws {
        try await withHome { home in
            let source = try write(gguf(6_000_000), "mine.gguf", in: home)
            let copied = Mutex(0)
            let install = Task {
                try await ModelStore(home: home).install(.custom(source, id: "mine")) { progress in
                    guard progress.phase == .downloading, progress.bytesDone > 0 else { return }
                    copied.withLock { $0 = progress.bytesDone }
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: CancellationError.self) { try await install.value }
            #expect(copied.withLock { $0 } == 1 << 20)
            #expect(try ModelStore(home: home).installed().isEmpty)
        }
    }

    @Test("The same file again is the installed model; another one under its name is refused")
    func again() async throws {
        try await withHome { home in
            let store = ModelStore(home: home)
            let model = try await store.install(.custom(try write(gguf(500), "a.gguf", in: home), id: "mine"))
            #expect(try await store.install(.custom(try CustomSource(home.root + "/a.gguf"), id: "mine")) == model)
            let other = try write(gguf(500, seed: 1), "a.gguf", in: home)
            await #expect(throws: InstallError.alreadyInstalled(id: "mine")) {
                try await store.install(.custom(other, id: "mine"))
            }
            #expect(try store.installed() == [model])
        }
    }

    @Test("A model with a projector has both files, and is another one than without")
    func projector() async throws {
        try await withHome { home in
            let store = ModelStore(home: home)
            let (main, projector) = (try write(gguf(500), "a.gguf", in: home), try write(gguf(90), "p.gguf", in: home))
            let request = InstallRequest.custom(main, id: "mine", projector: projector)
            let model = try await store.install(request)
            #expect(model.files.map(\.name) == ["mine.gguf", "mine.projector.gguf"])
            #expect(model.projectorFile == model.directory + "/mine.projector.gguf")
            #expect(try store.installed() == [model])
            #expect(try await store.install(request) == model)
            await #expect(throws: InstallError.alreadyInstalled(id: "mine")) {
                try await store.install(.custom(main, id: "mine"))
            }
        }
    }

    @Test("A projector that is no GGUF file is refused, and nothing is installed")
    func wrongProjector() async throws {
        try await withHome { home in
            let store = ModelStore(home: home)
            let projector = try write(Array("<html>".utf8), "p.gguf", in: home)
            let main = try write(gguf(500), "a.gguf", in: home)
            await #expect(throws: InstallError.self) {
                try await store.install(.custom(main, id: "mine", projector: projector))
            }
            #expect(try store.installed().isEmpty)
        }
    }

    @Test(
        "What is not a GGUF file is refused, and said what it looks like",
        arguments: [
            ("<!doctype html><html>", "it looks like a web page"),
            ("version https://git-lfs.github.com/spec/v1", "it is a Git LFS pointer, not the file that it points to"),
            ("PK\u{3}\u{4}rest", "it looks like a ZIP archive or a PyTorch checkpoint"),
            ("", "it is empty"),
            ("GGUE", "its first bytes are not 'GGUF'"),
        ])
    func notAModel(text: String, kind: String) async throws {
        try await withHome { home in
            let source = try write(Array(text.utf8), "x", in: home)
            await #expect(throws: InstallError.notAModel(file: "mine.gguf", expected: .gguf, found: kind)) {
                try await ModelStore(home: home).install(.custom(source, id: "mine"))
            }
            #expect(leftovers(home) == [])
        }
    }

    @Test(
        "A name that is no model id is refused before anything is read",
        arguments: [
            "", ".", "..", "../up", "a/b", "-a", ".hidden", "a b", "ä", String(repeating: "a", count: 65),
        ])
    func badIdentifier(id: String) async throws {
        try await withHome { home in
            let source = try CustomSource("/nowhere.gguf")
            await #expect(throws: InstallError.invalidIdentifier(id)) {
                try await ModelStore(home: home).install(.custom(source, id: id))
            }
            #expect(throws: InstallError.invalidIdentifier(id)) { try ModelStore(home: home).uninstall(id: id) }
        }
    }

    @Test("A model that another process installs is seen at the next call")
    func seenAtOnce() async throws {
        try await withHome { home in
            let reader = ModelStore(home: home)
            #expect(try reader.resolve("mine") == nil)
            let model = try await ModelStore(home: home)
                .install(.custom(try write(gguf(500), "a.gguf", in: home), id: "mine"))
            #expect(try reader.resolve("mine") == model)
            try ModelStore(home: home).uninstall(id: "mine")
            #expect(try reader.resolve("mine") == nil)
        }
    }

    @Test("Uninstalling removes the model and all of its files; a second time there is no such model")
    func uninstalls() async throws {
        try await withHome { home in
            let store = ModelStore(home: home)
            _ = try await store.install(.custom(try write(gguf(500), "a.gguf", in: home), id: "mine"))
            try store.uninstall(id: "mine")
            #expect(leftovers(home) == [])
            let error = #expect(throws: InferenceError.self) { try store.uninstall(id: "mine") }
            #expect(error?.kind == .modelNotFound)
        }
    }

    @Test("A staged folder, and one without a valid manifest, are not listed; the latter is reported")
    func damaged() async throws {
        try await withHome { home in
            for folder in [".staging/half", "empty", "broken"] {
                try FileManager.default.createDirectory(
                    atPath: home.models + "/" + folder, withIntermediateDirectories: true)
            }
            try Data("{".utf8).write(to: URL(fileURLWithPath: home.models + "/broken/manifest.json"))
            try Data(gguf(50)).write(to: URL(fileURLWithPath: home.models + "/.staging/half/half.gguf.part"))
            let store = ModelStore(home: home)
            #expect(try store.installed() == [])
            #expect(try store.damaged().map(\.folder) == ["broken", "empty"])
        }
    }

    @Test("Progress passes through its phases in order and ends with all bytes")
    func progress() async throws {
        try await withHome { home in
            let seen = Mutex<[InstallProgress]>([])
            let source = try write(gguf(500), "a.gguf", in: home)
            _ = try await ModelStore(home: home).install(.custom(source, id: "mine")) { progress in
                seen.withLock { $0.append(progress) }
            }
            let reports = seen.withLock { $0 }
            var phases: [InstallProgress.Phase] = []
            for report in reports where phases.last != report.phase { phases.append(report.phase) }
            #expect(phases == [.resolving, .downloading, .verifying, .installing])
            #expect(reports.last == InstallProgress(phase: .installing, bytesDone: 500, bytesTotal: 500))
        }
    }
}
