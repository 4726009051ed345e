import ArgumentParser
import Console
import Inference
import ModelStore

struct ModelList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the installed models; with `all`, those that can be installed too.",
        aliases: ["ls"])

    enum Scope: String, ExpressibleByArgument {
        case installed, all
    }

    @Argument(help: "installed or all.")
    var scope: Scope = .installed

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let store = Surroundings().store
        let rows = try rows(store)
        if json { return try Terminal.output.writeJSON(rows) }
        for damaged in try store.damaged() {
            Terminal.error.write("warning: \(damaged)\n")
        }
        guard !rows.isEmpty else {
            Terminal.error.write("No model is installed. `dpais model install smollm2-135m` gets a small one;\n")
            Terminal.error.write("`dpais model list all` shows what there is.\n")
            return
        }
        // Among the installed ones all are; without the column, longer names fit.
        let isMixed = scope == .all
        Table(
            ["MODEL", "DOES", "SIZE", "LICENSE"] + (isMixed ? ["INSTALLED"] : []),
            rows.map { row in
                [row.id, row.capability, ByteCount.text(row.bytes), row.license ?? ""]
                    + (isMixed ? [row.installed ? "yes" : ""] : [])
            }
        ).write(to: .output)
    }

    private func rows(_ store: ModelStore) throws -> [Row] {
        let installed = try store.installed().map(Row.init)
        guard scope == .all else { return installed }
        let here = Set(installed.map(\.id))
        return installed + (try Catalogue.builtIn().entries.map(Row.init).filter { !here.contains($0.id) })
    }

    private struct Row: Encodable {
        var id: String
        var capability: String
        var bytes: Int?
        var license: String?
        var installed: Bool

        init(_ model: InstalledModel) {
            (id, capability, bytes) = (model.id, model.capability.rawValue, model.sizeBytes)
            (license, installed) = (model.license, true)
        }

        init(_ entry: CatalogueEntry) {
            (id, capability, bytes) = (entry.id, entry.capability.rawValue, entry.sizeBytes)
            (license, installed) = (entry.license, false)
        }
    }
}
