import ArgumentParser
import Background
import Console
import ModelStore
import Server

struct ConfigSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Write one setting into the settings file.",
        discussion: """
            The value is checked before anything is written, and what else the file holds stays as it is. A running server \
            reads its settings when it starts: `dpais restart`.

            Examples:
              dpais config set server.port 9000
              dpais config set default-model phi3.5
              dpais config set server.allowed-hosts box.local,10.0.0.7
            """)

    @Argument(help: "The setting, such as server.port.", completion: .settings)
    var key: String

    @Argument(parsing: .allUnrecognized, help: "Its value; a list's parts are separated by commas.")
    var value: [String]

    func run() async throws {
        let surroundings = Surroundings()
        let value = value.joined(separator: " ")
        do {
            try await SettingsFile(surroundings.home.configurationFile).set(key, to: value)
        } catch let error as UnknownSetting {
            throw error.withSuggestion
        }
        Terminal.output.write("\(key) is \(value) in \(surroundings.home.configurationFile).\n")
        try await surroundings.tellWhatStandsOver(key)
    }
}

struct ConfigUnset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Take one setting out of the settings file, so that its default is in force.",
        discussion: """
            Examples:
              dpais config unset server.port
            """)

    @Argument(help: "The setting, such as server.port.", completion: .settings)
    var key: String

    func run() async throws {
        let surroundings = Surroundings()
        let had: Bool
        do {
            had = try await SettingsFile(surroundings.home.configurationFile).unset(key)
        } catch let error as UnknownSetting {
            throw error.withSuggestion
        }
        Terminal.output.write(
            had
                ? "\(key) is not in \(surroundings.home.configurationFile) any more.\n"
                : "\(key) was not in \(surroundings.home.configurationFile).\n")
        try await surroundings.tellWhatStandsOver(key)
    }
}

struct ConfigPath: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Print where the settings file is, whether it is there or not.",
        discussion: """
            Examples:
              dpais config path
              $EDITOR "$(dpais config path)"
            """)

    func run() throws {
        Terminal.output.write(Surroundings().home.configurationFile + "\n")
    }
}

extension UnknownSetting {
    /// The same, with the setting that may have been meant.
    fileprivate var withSuggestion: any Error {
        Closest.question(for: key, among: known).map { Told("\(description) \($0)") } ?? self
    }
}

extension Surroundings {
    /// Says so where the environment has the last word on a setting, or a server runs that has read it already.
    fileprivate func tellWhatStandsOver(_ key: String) async throws {
        let row = try? await settings().explain().first { $0.key == key }
        if let row, case .environment(let name) = row.source {
            Terminal.error.write("note: \(name) is set in the environment and wins over the file.\n")
        }
        if recordFile.holder() != nil {
            Terminal.error.write("The server that runs has the old settings; `dpais restart` reads the new ones.\n")
        }
    }
}

extension CompletionKind {
    /// The keys of all settings.
    static var settings: CompletionKind {
        .custom { _, _, _ in ((try? await Settings.load().explain()) ?? []).map(\.key) }
    }
}
