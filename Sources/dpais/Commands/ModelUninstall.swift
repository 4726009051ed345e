import ArgumentParser
import Console
import Inference
import ModelStore
import Server

struct ModelUninstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove a model's files, or all models'.",
        discussion: """
            Asks first at a terminal, unless --yes is given. A running server lets go of the model before its files go.

            Examples:
              dpais model uninstall smollm2-135m
              dpais model uninstall --model smollm2-135m --yes
              dpais model uninstall --all
            """,
        aliases: ["remove", "rm"])

    @Argument(help: "An installed model.", completion: .installedModels)
    var name: String?

    @Option(name: .customLong("model"), help: "The model, as an option.", completion: .installedModels)
    var modelOption: String?

    @Flag(name: [.customLong("all"), .customLong("all", withSingleDash: true)], help: "All installed models.")
    var all = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func validate() throws {
        let isNamed = name != nil || modelOption != nil
        guard isNamed != all else {
            throw ValidationError(
                all
                    ? "Name a model or give --all, not both."
                    : "Name a model, or give --all; `dpais model list` shows them.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings()
        let store = surroundings.store
        let models = all ? try store.installed() : [try store.installed(named: modelOption ?? name ?? "")]
        let damaged = all ? try store.damaged().map(\.folder) : []
        guard !models.isEmpty || !damaged.isEmpty else {
            Terminal.output.write("No model is installed.\n")
            return
        }
        let names = models.map(\.id) + damaged
        let size = ByteCount.text(models.reduce(0) { $0 + $1.sizeBytes })
        if !yes, Question.canBeAsked {
            let what = names.count == 1 ? names[0] : "\(names.count) models (\(names.joined(separator: ", ")))"
            guard Question.confirms("Remove \(what), \(size)?") else {
                Terminal.error.write("Nothing is removed.\n")
                throw ExitCode.failure
            }
        }
        let settings = try? await surroundings.settings()
        for name in names {
            if let settings { await Self.unload(name, settings) }
            try store.uninstall(id: name)
            Terminal.output.write("\(name) is removed.\n")
        }
        Terminal.error.write("\(size) are free again.\n")
    }

    /// A server that is not there, or cannot unload, holds nobody up: what it has open it keeps until it lets go.
    private static func unload(_ name: String, _ settings: Settings) async {
        _ = try? await APIClient.connected(to: settings) { client in
            _ = try await client.health()
            try await client.unload(name)
        }
    }
}
