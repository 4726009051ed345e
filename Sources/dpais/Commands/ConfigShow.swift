import ArgumentParser
import Console
import ModelStore
import Server

struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show every setting, its value, and where the value came from.",
        discussion: """
            Flags win over the environment (each setting's variable is its key in capitals with DPAIS_ before it: \
            server.port is DPAIS_SERVER_PORT), the environment over the file, the file over the defaults. The file is \
            JSON with the keys nested: {"server": {"port": 9000}}.

            Examples:
              dpais config show
              dpais config show server.port
              dpais config show --json
            """)

    @Argument(help: "One setting, whose value alone is printed.", completion: .settings)
    var key: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let surroundings = Surroundings()
        var rows = try await surroundings.settings().explain()
        if let key {
            guard let row = rows.first(where: { $0.key == key }) else {
                let question = Closest.question(for: key, among: rows.map(\.key))
                throw Told("There is no setting '\(key)'. \(question ?? "`dpais config show` lists them all.")")
            }
            guard json else { return Terminal.output.write(row.value + "\n") }
            rows = [row]
        }
        if json {
            try Terminal.output.writeJSON(rows.map { Row($0) })
        } else {
            Terminal.output.writeWrapped("Settings file: \(surroundings.home.configurationFile)")
            Terminal.output.write("\n")
            Table(
                ["SETTING", "VALUE", "FROM", "WHAT IT DOES"],
                rows.map { [$0.key, $0.value, "\($0.source)", $0.documentation] }, whole: [0]
            ).write(to: .output)
        }
    }

    private struct Row: Encodable {
        var key: String
        var value: String
        var source: String
        var environmentName: String
        var documentation: String

        init(_ row: SettingExplanation) {
            (key, value, source) = (row.key, row.value, "\(row.source)")
            (environmentName, documentation) = (row.environmentName, row.documentation)
        }
    }
}
