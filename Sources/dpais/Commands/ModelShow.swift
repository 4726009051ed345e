import ArgumentParser
import Console
import ModelStore

struct ModelShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of a model, installed or not.",
        discussion: """
            Examples:
              dpais model show smollm2-135m
              dpais model show phi3.5 --json
            """)

    @Argument(help: "The model.", completion: .catalogueModels)
    var name: String?

    @Option(name: .customLong("model"), help: "The model, as an option.", completion: .catalogueModels)
    var modelOption: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if name == nil, modelOption == nil { throw ValidationError("Name a model; `dpais model list all` shows them.") }
    }

    func run() async throws {
        let store = Surroundings().store
        let name = modelOption ?? name ?? ""
        let catalogue = try store.catalogue()
        if let model = try store.resolve(name) {
            let row = ModelRow(model, entry: catalogue.entry(named: model.id))
            return try write(row, files: model)
        }
        guard let entry = catalogue.entry(named: name) else {
            throw store.explained(InstallError.unknownModel(name, known: catalogue.entries.map(\.id)))
        }
        try write(ModelRow(entry), files: nil)
    }

    private func write(_ row: ModelRow, files model: InstalledModel?) throws {
        if json {
            return try Terminal.output.writeJSON(
                Whole(row: row, directory: model?.directory, files: model?.files, installed: model?.created))
        }
        row.writeDetails(to: .output)
        guard let model else {
            Terminal.error.write("\n`dpais model install \(row.id)` installs it.\n")
            return
        }
        Terminal.output.writeDetails([("folder", model.directory)])
        Terminal.output.write("\n")
        Table(
            ["FILE", "SIZE", "SHA-256"], model.files.map { [$0.name, ByteCount.text($0.bytes), $0.sha256] },
            rightAligned: [1]
        ).write(to: .output)
    }

    /// The row, and what an installed model has besides.
    private struct Whole: Encodable {
        var row: ModelRow
        var directory: String?
        var files: [InstalledFile]?
        var installed: Int?

        private enum CodingKeys: String, CodingKey {
            case directory, files
            case installed = "installed_at"
        }

        func encode(to encoder: any Encoder) throws {
            try row.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(directory, forKey: .directory)
            try container.encodeIfPresent(files, forKey: .files)
            try container.encodeIfPresent(installed, forKey: .installed)
        }
    }
}
