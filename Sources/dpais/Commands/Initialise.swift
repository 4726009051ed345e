import ArgumentParser
import Console
import Inference
import Machine
import ModelStore
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Initialise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Check this machine, set up, and get a first model.",
        discussion: """
            At a terminal you choose among the chat models that fit into this machine's memory. With --yes, or where there \
            is no terminal, the default model is installed. It can be run again at any time: what is there stays.

            Examples:
              dpais init
              dpais init --core                    set up, without a model
              dpais init --yes --model phi3.5
            """)

    @Flag(help: "Check and set up, and install no model.")
    var core = false

    @Option(help: "The model to install, instead of being asked.", completion: .catalogueModels)
    var model: String?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func validate() throws {
        if core, model != nil { throw ValidationError("--core installs no model; give --model without it.") }
    }

    func run() async throws {
        let surroundings = Surroundings()
        let output = Terminal.output
        output.write(output.style.heading("This machine") + "\n")
        let isWhole = check(surroundings)
        try surroundings.makeHome()
        let settings = try await surroundings.settings()
        guard isWhole else {
            throw Told(
                "No engine was found beside \(surroundings.executable), so nothing can be run. Put dpais-llama-runner and "
                    + "the others there, or build them with `make build`.")
        }
        guard !core else {
            return output.write("\nAll is set up. `dpais model install` gets a model when you want one.\n")
        }
        output.write("\n")
        guard let name = try choose(surroundings, settings) else {
            return output.write("\nAll is set up, without a new model. `dpais model install` gets one.\n")
        }
        let model = try await install(name, surroundings.store(settings))
        try await makeDefault(model, surroundings, settings)
        output.write(
            """

            All is set up. What to do next:
              \("dpais model run \(model.id)".padded(to: 34))talk to it here
              \("dpais start".padded(to: 34))serve it at http://localhost:\(settings.port)/v1

            """)
    }

    /// - Returns: whether anything can be run.
    private func check(_ surroundings: Surroundings) -> Bool {
        let report = MachineReport(surroundings)
        let style = Terminal.output.style
        var rows = [
            ("home", surroundings.home.root), ("processor", report.processorText), ("memory", report.memoryText),
        ]
        if report.gpuText != "none found" { rows.append(("GPU", report.gpuText)) }
        if report.npuText != "none found" { rows.append(("NPU", report.npuText)) }
        if let free = surroundings.freeDisk { rows.append(("disk", "\(ByteCount.text(free)) free")) }
        Terminal.output.writeDetails(rows)
        for engine in report.engines {
            let state = engine.installed ? style.good("ready") : style.bad("missing: \(engine.runner)")
            Terminal.output.write("  " + style.faint("engine".padded(to: 11)) + "\(engine.name), \(state)\n")
        }
        return report.engines.contains(where: \.installed)
    }

    /// The model that is wanted; `nil` for none.
    private func choose(_ surroundings: Surroundings, _ settings: Settings) throws -> String? {
        if let model { return model }
        let offer = try ModelOffer(surroundings.store, .read(), capability: .chat)
        let fitting = offer.fitting()
        guard !yes, Question.canBeAsked else { return settings.defaultModel }
        guard !fitting.isEmpty else { return nil }
        Terminal.error.write("Chat models that fit into this machine's memory:\n\n")
        offer.write(fitting, showsCapability: false, to: .error)
        let standard = fitting.firstIndex { $0.id == settings.defaultModel } ?? 0
        let index = Question.choice(
            "\nWhich one? (number or name, Enter for \(standard + 1), n for none) ", among: fitting.map(\.id),
            standard: standard)
        return index.map { fitting[$0].id }
    }

    private func install(_ name: String, _ store: ModelStore) async throws -> InstalledModel {
        if let model = try store.resolve(name) {
            Terminal.output.write("\(model.id) is installed already.\n")
            return model
        }
        return try await InstallSession(store: store).install(.catalogue(name))
    }

    /// The first chat model becomes the one that is meant where none is named.
    private func makeDefault(_ model: InstalledModel, _ surroundings: Surroundings, _ settings: Settings) async throws {
        guard model.capability == .chat, try surroundings.store.resolve(settings.defaultModel) == nil else { return }
        try await SettingsFile(surroundings.home.configurationFile).set("default-model", to: model.id)
        Terminal.output.write(
            "\(model.id) is the default model now (`dpais config set default-model NAME` changes it).\n")
    }
}

extension Surroundings {
    /// Bytes that are free where the home is, or will be; `nil` where the system does not tell.
    var freeDisk: Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: home.root)
        let nearest = attributes ?? (try? FileManager.default.attributesOfFileSystem(forPath: "/"))
        return nearest?[.systemFreeSize] as? Int
    }
}
