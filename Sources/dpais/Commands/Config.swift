import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Look at the settings and change them.",
        discussion: """
            Examples:
              dpais config show
              dpais config set server.port 9000
              dpais config unset server.port
            """,
        subcommands: [ConfigShow.self, ConfigSet.self, ConfigUnset.self, ConfigPath.self])
}
