import ArgumentParser
import Console
import ModelStore
import Runners

struct ModelLoaded: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loaded",
        abstract: "List the models that the running server has in memory.",
        discussion: """
            Examples:
              dpais model loaded
              dpais model ps --json
            """,
        aliases: ["ps"])

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let settings = try await Surroundings().settings()
        let models = try await APIClient.connected(to: settings) { try await $0.loadedModels() }
        if json { return try Terminal.output.writeJSON(models) }
        guard !models.isEmpty else {
            Terminal.error.write("No model is in memory. A request loads one, and so does `dpais model load NAME`.\n")
            return
        }
        Self.table(models).write(to: .output)
    }

    static func table(_ models: [LoadedModel]) -> Table {
        Table(
            ["MODEL", "STATE", "MEMORY", "PROCESS", "THREADS", "LEAVES"],
            models.map { model in
                [
                    model.id, model.state.rawValue, ByteCount.text(model.memoryBytes),
                    model.process.map(String.init) ?? "", "\(model.threads)", leaves(model),
                ]
            }, rightAligned: [2, 3, 4], whole: [0])
    }

    private static func leaves(_ model: LoadedModel) -> String {
        if model.pinned { return "never (pinned)" }
        guard let expires = model.expiresAt else { return model.state == .ready ? "never" : "" }
        return "in " + DurationText.text(seconds: Double(max(0, expires - Moment.now)))
    }
}

struct ModelLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Have the running server load a model ahead of its first request.",
        discussion: """
            Returns when the model is ready.

            Examples:
              dpais model load smollm2-135m
              dpais model load smollm2-135m --keep-alive 1h
              dpais model load smollm2-135m --keep-alive=-1
            """)

    @Argument(help: "An installed model.", completion: .installedModels)
    var name: String?

    @Option(name: .customLong("model"), help: "The model, as an option.", completion: .installedModels)
    var modelOption: String?

    @Option(help: "How long it stays after its last answer: 5m, 1h30m, 0; -1 keeps it.")
    var keepAlive: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if name == nil, modelOption == nil { throw ValidationError("Name a model; `dpais model list` shows them.") }
        if let keepAlive, KeepAlive(keepAlive) == nil {
            throw ValidationError("--keep-alive needs a time such as 90, 5m or 1h30m; -1 keeps the model.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings()
        let settings = try await surroundings.settings()
        let model = try surroundings.store.installed(named: modelOption ?? name ?? "")
        let loaded = try await APIClient.connected(to: settings) {
            try await $0.load(model.id, keepAlive: keepAlive)
        }
        if json { return try Terminal.output.writeJSON(loaded) }
        let size = loaded.memoryBytes.map { ", \(ByteCount.text($0))" } ?? ""
        Terminal.output.write("\(loaded.id) is loaded (\(loaded.engine)\(size)).\n")
    }
}

struct ModelUnload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unload",
        abstract: "Have the running server let go of a model's memory.",
        discussion: """
            Answers that are under way may finish. The next request loads the model again.

            Examples:
              dpais model unload smollm2-135m
              dpais model unload --all
            """)

    @Argument(help: "A loaded model.", completion: .installedModels)
    var name: String?

    @Option(name: .customLong("model"), help: "The model, as an option.", completion: .installedModels)
    var modelOption: String?

    @Flag(
        name: [.customLong("all"), .customLong("all", withSingleDash: true)], help: "All that are loaded.")
    var all = false

    func validate() throws {
        if name == nil, modelOption == nil, !all {
            throw ValidationError("Name a model, or --all; `dpais model loaded` shows them.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings()
        let settings = try await surroundings.settings()
        try await APIClient.connected(to: settings) { client in
            let ids: [String]
            if all {
                ids = try await client.loadedModels().map(\.id)
            } else {
                // A model that was uninstalled meanwhile can still be in memory.
                let name = modelOption ?? name ?? ""
                let loaded = try await client.loadedModels().map(\.id)
                ids = [loaded.contains(name) ? name : try surroundings.store.installed(named: name).id]
            }
            for id in ids {
                let was = try await client.unload(id)
                Terminal.output.write(was ? "\(id) is unloaded.\n" : "\(id) was not loaded.\n")
            }
            if ids.isEmpty { Terminal.output.write("No model is in memory.\n") }
        }
    }
}
