import ArgumentParser
import Console
import Machine

struct Compute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what this machine computes with, and which engine uses what.",
        discussion: """
            Examples:
              dpais compute
              dpais hardware --json
            """,
        aliases: ["hardware"])

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let report = MachineReport(Surroundings())
        if json { try Terminal.output.writeJSON(report) } else { report.write(to: .output) }
    }
}
