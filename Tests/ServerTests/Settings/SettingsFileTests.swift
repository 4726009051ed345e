import Foundation
import Server
import TestSupport
import Testing

@Suite("SettingsFile")
struct SettingsFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/settings/config.json" }
    private var file: SettingsFile { SettingsFile(path) }

    init() throws { folder = try TemporaryFolder() }

    private func put(_ text: String) throws { try folder.write("settings/config.json", text) }

    private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("The first setting makes the file")
    func first() async throws {
        try await file.set("server.port", to: "9000")
        #expect(try text() == "{\n  \"server\": {\n    \"port\": 9000\n  }\n}\n")
        #expect(try await Settings.load(file: path).port == 9000)
    }

    @Test("What else is there stays as it is written, in its order")
    func rest() async throws {
        try put(#"{"b": ["]", "x\"}"], "server": {"x-y": 1e3, "port": 1}, "a": {"deep": {}}}"#)
        try await file.set("server.port", to: "2")
        let written = try text()
        #expect(
            written.contains(#"["]", "x\"}"]"#) && written.contains(#""x-y": 1e3"#) && written.contains(#""port": 2"#))
        let order = ["\"b\"", "\"server\"", "\"a\""].compactMap { written.firstRange(of: $0)?.lowerBound }
        #expect(order.count == 3 && order == order.sorted())
    }

    @Test("A value is written as the kind that the setting has")
    func kinds() async throws {
        try await file.set("default-model", to: "123")
        try await file.set("server.allowed-hosts", to: "a, b")
        let settings = try await Settings.load(file: path)
        #expect(settings.defaultModel == "123" && settings.allowedHosts == ["a", "b"])
    }

    @Test("What the reader does not take is not written", arguments: [("server.port", "65536"), ("log.level", "loud")])
    func refused(key: String, value: String) async throws {
        try put("{}")
        await #expect(throws: SettingsError.self) { try await file.set(key, to: value) }
        await #expect(throws: UnknownSetting.self) { try await file.set(key + "x", to: value) }
        #expect(try text() == "{}")
    }

    @Test("A file that is no settings' is not touched", arguments: ["not json", "[1]", ""])
    func foreign(content: String) async throws {
        try put(content)
        await #expect(throws: SettingsError.self) { try await file.set("server.port", to: "1") }
        #expect(try text() == content)
    }

    @Test("A wrong value of another setting does not stand in the way of mending this one")
    func mends() async throws {
        try put(#"{"server": {"port": "x"}, "log": {"level": "loud"}}"#)
        try await file.set("server.port", to: "1")
        try await file.set("log.level", to: "debug")
        #expect(try await Settings.load(file: path).port == 1)
    }

    @Test("A setting that is taken out leaves no empty object")
    func unset() async throws {
        try put(#"{"server": {"port": 1}, "log": {"level": "info"}}"#)
        #expect(try await file.unset("server.port"))
        #expect(try await !file.unset("server.port"))
        #expect(try text() == "{\n  \"log\": {\n    \"level\": \"info\"\n  }\n}\n")
    }

    @Test("A link stays one, and its target is what changes")
    func link() async throws {
        try put("{}")
        let target = path + ".target"
        try FileManager.default.moveItem(atPath: path, toPath: target)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        try await file.set("server.port", to: "9")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == target)
        #expect(try String(contentsOfFile: target, encoding: .utf8).contains("9"))
    }
}
