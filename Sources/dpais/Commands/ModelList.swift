import ArgumentParser
import Console
import Inference
import ModelStore

struct ModelList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the installed models; with `all`, those that can be installed too.",
        discussion: """
            Examples:
              dpais model list
              dpais model list all
              dpais model list all --verbose
              dpais model list --json
            """,
        aliases: ["ls"])

    enum Scope: String, ExpressibleByArgument, CaseIterable {
        case installed, all
    }

    @Argument(help: "installed or all.")
    var scope: Scope = .installed

    @Flag(name: .shortAndLong, help: "All that is known of each.")
    var verbose = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let store = Surroundings().store
        let catalogue = try store.catalogue()
        for notice in catalogue.notices { Terminal.error.write("warning: \(notice)\n") }
        let rows = try rows(store, catalogue)
        for damaged in try store.damaged() {
            Terminal.error.write("warning: \(damaged)\n")
        }
        if json { return try Terminal.output.writeJSON(rows) }
        guard !rows.isEmpty else {
            Terminal.error.write("No model is installed. `dpais model install smollm2-135m` gets a small one;\n")
            Terminal.error.write("`dpais model list all` shows what there is.\n")
            return
        }
        if verbose {
            for (index, row) in rows.enumerated() {
                if index > 0 { Terminal.output.write("\n") }
                row.writeDetails(to: .output)
            }
            return
        }
        // Among the installed ones all are; without the column, longer names fit.
        let isMixed = scope == .all
        Table(
            ["MODEL", "DOES", "SIZE", "MEMORY"] + (isMixed ? ["HERE"] : []) + ["LICENCE"],
            rows.map { row in
                [row.id, row.capability, ByteCount.text(row.bytes), ByteCount.text(row.memoryBytes)]
                    + (isMixed ? [row.installed ? "yes" : ""] : []) + [row.license ?? ""]
            },
            rightAligned: [2, 3], whole: [0]
        ).write(to: .output)
    }

    private func rows(_ store: ModelStore, _ catalogue: Catalogue) throws -> [ModelRow] {
        let installed = try store.installed().map { ModelRow($0, entry: catalogue.entry(named: $0.id)) }
        guard scope == .all else { return installed }
        let here = Set(installed.map(\.id))
        return installed + catalogue.entries.map { ModelRow($0) }.filter { !here.contains($0.id) }
    }
}
