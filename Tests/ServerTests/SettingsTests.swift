import Foundation
import Logging
import Runners
import Server
import TestSupport
import Testing

@Suite("Settings")
struct SettingsTests {
    /// Runs with a file of settings that is removed again.
    private func withFile<Value>(_ content: String, _ body: (String) async throws -> Value) async throws -> Value {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        return try await body(folder.write("settings.json", content))
    }

    private func source(of key: String, in settings: Settings) -> SettingSource? {
        settings.explain().first { $0.key == key }?.source
    }

    @Test("have defaults")
    func defaults() async throws {
        let settings = try await Settings.load()
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8_553)
        #expect(settings.bodyLimit == 32 << 20)
        #expect(settings.defaultModel == "smollm2-135m")
        #expect(settings.explain().allSatisfy { $0.source == .default })
    }

    @Test("take flags over the environment over the file over defaults, and say so")
    func precedence() async throws {
        let file = #"{"server": {"port": 1, "host": "::1", "allowed-hosts": ["a", "b"]}, "log": {"level": "debug"}}"#
        let settings = try await withFile(file) { path in
            try await Settings.load(
                flags: ["server.port": .number(3)],
                environment: ["DPAIS_SERVER_PORT": "2", "DPAIS_LOG_LEVEL": "error", "SERVER_HOST": "x"], file: path)
        }
        #expect(settings.port == 3)
        #expect(source(of: "server.port", in: settings) == .flag)
        #expect(settings.logLevel == .error)
        #expect(source(of: "log.level", in: settings) == .environment("DPAIS_LOG_LEVEL"))
        #expect(settings.host == "::1")
        #expect(settings.allowedHosts == ["a", "b"])
        #expect(source(of: "server.host", in: settings) == .file)
        #expect(source(of: "default-model", in: settings) == .default)
    }

    @Test("are each set by the environment variable that they name")
    func environmentNames() async throws {
        let rows = try await Settings.load().explain()
        // A list that is empty by default needs a value to be told from one that is not set.
        let environment = rows.map { ($0.environmentName, $0.value.isEmpty ? "a=5m" : $0.value) }
        let settings = try await Settings.load(environment: Dictionary(uniqueKeysWithValues: environment))
        for row in settings.explain() { #expect(row.source == .environment(row.environmentName)) }
    }

    @Test("that are wrong are all named, with where they came from")
    func faults() async throws {
        let error = await #expect(throws: SettingsError.self) {
            try await Settings.load(
                flags: ["server.host": .text("")],
                environment: ["DPAIS_SERVER_PORT": "many", "DPAIS_LOG_LEVEL": "loud", "DPAIS_RUNNER_THREADS": "-1"])
        }
        #expect(error?.faults.count == 4)
        #expect(error?.description.contains("server.host (flag)") == true)
        #expect(error?.description.contains("server.port (environment DPAIS_SERVER_PORT)") == true)
    }

    @Test("from a file that is missing are no error")
    func missingFile() async throws {
        #expect(try await Settings.load(file: "/nonexistent/config.json").port == 8_553)
    }

    @Test("from a file that is not a JSON object are an error", arguments: ["[1]", "{"])
    func brokenFile(content: String) async throws {
        await #expect(throws: SettingsError.self) {
            try await withFile(content) { try await Settings.load(file: $0) }
        }
    }

    @Test("of a wrong type in the file are an error that names the file")
    func wrongTypeInFile() async throws {
        let error = await #expect(throws: SettingsError.self) {
            try await withFile(#"{"server": {"port": "x"}}"#) { try await Settings.load(file: $0) }
        }
        #expect(error?.description.contains("server.port (file)") == true)
    }

    @Test("take memory in MiB or with a unit, and times as numbers or texts")
    func memory() async throws {
        for (text, amount) in [("8GB", 8_192), ("512", 512), ("1.5 GiB", 1_536), ("700mb", 700), ("0", 0)] {
            let settings = try await Settings.load(environment: ["DPAIS_MODELS_MEMORY_BUDGET": text])
            #expect(settings.memoryBudget == amount)
        }
        for text in ["lots", "-1", "8 apples", "1e9TB", ""] {
            await #expect(throws: SettingsError.self, "\(text)") {
                try await Settings.load(environment: ["DPAIS_MODELS_MEMORY_BUDGET": text])
            }
        }
        let file = #"{"models": {"keep-alive": 90, "memory-budget": 100, "keep-alive-of": ["Tiny=1h", "b=-1"]}}"#
        let settings = try await withFile(file) { try await Settings.load(file: $0) }
        #expect(settings.keepAlive == .time(.seconds(90)))
        #expect(settings.memoryBudget == 100)
        #expect(settings.keepAliveOf == ["tiny": .time(.seconds(3_600)), "b": .forever])
        await #expect(throws: SettingsError.self) {
            try await Settings.load(environment: ["DPAIS_MODELS_KEEP_ALIVE_OF": "tiny"])
        }
    }
}
