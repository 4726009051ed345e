import ArgumentParser
import Background
import Console
import Machine
import ModelStore
import Runners
import Server

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether the server runs, and what is in memory.",
        discussion: """
            Exits with 0 where a server runs and with 1 where none does.

            Examples:
              dpais status
              dpais status --json
            """)

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let surroundings = Surroundings()
        let life = ServerLife(surroundings)
        let settings = try await surroundings.settings()
        var report = Report(home: surroundings.home.root, log: life.log)
        if let holder = life.holder {
            report.running = true
            report.process = holder.process
            report.memoryBytes = ProcessMemory.read(of: holder.process)?.resident
            report.take(holder.record)
        }
        let base = report.address ?? APIClient.base(host: settings.host, port: settings.port)
        try await APIClient.connected(toBase: base) { client in
            guard let health = try? await client.health() else { return }
            if !report.running {
                // Of another home, or started before this one knew how to tell.
                (report.running, report.address, report.version) = (true, base, health.version)
            }
            report.answers = true
            report.models = try? await client.loadedModels()
        }
        if json { try Terminal.output.writeJSON(report) } else { report.write(to: .output) }
        if !report.running { throw ExitCode.failure }
    }

    private struct Report: Encodable {
        var running = false
        /// Whether it answered just now.
        var answers = false
        var address: String?
        var version: String?
        var process: Int?
        var keeper: String?
        var started: Int?
        var memoryBytes: Int?
        var models: [LoadedModel]?
        let home: String
        let log: String

        init(home: String, log: String) {
            self.home = home
            self.log = log
        }

        private enum CodingKeys: String, CodingKey {
            case running, answers, address, version, process, keeper, started, models, home, log
            case memoryBytes = "memory_bytes"
        }

        mutating func take(_ record: ServerRecord?) {
            guard let record else { return }
            (address, version, started, keeper) =
                (record.address, record.version, record.started, record.keeper.rawValue)
        }

        func write(to terminal: Terminal) {
            let style = terminal.style
            guard running else {
                terminal.write("The server is \(style.warning("not running")). `dpais start` starts it.\n")
                return
            }
            terminal.write(
                "The server is \(answers ? style.good("running") : style.warning("running, but does not answer yet")).\n"
            )
            var rows: [(String, String?)] = [
                ("address", address.map { $0 + "/v1" }), ("version", version), ("process", process.map(String.init)),
                ("kept by", keeper), ("since", started.map { "\(Self.age($0)) ago" }),
            ]
            rows += [("memory", memoryBytes.map { ByteCount.text($0) }), ("home", home), ("log", log)]
            terminal.writeDetails(rows.compactMap { name, value in value.map { (name, $0) } })
            guard let models else { return }
            terminal.write(models.isEmpty ? "\nNo model is in memory.\n" : "\n")
            if !models.isEmpty { ModelLoaded.table(models).write(to: terminal) }
        }

        private static func age(_ started: Int) -> String { DurationText.text(seconds: Double(Moment.now - started)) }
    }
}
