import ArgumentParser
import Background
import Console
import Server

struct Restart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop the server and start it again.",
        discussion: """
            With flags it starts with those, without with the ones it had; the settings are read anew. Where none runs it \
            is started.

            Examples:
              dpais restart
              dpais restart --memory-budget 8GB
            """)

    @OptionGroup var options: ServeOptions

    @Flag(name: .customLong("no-systemd"), help: "A plain process, also where there is systemd.")
    var withoutSystemd = false

    @Flag(help: "End the old one at once; running answers are cut off.")
    var force = false

    func run() async throws {
        let surroundings = Surroundings()
        let life = ServerLife(surroundings)
        let holder = life.holder
        var options = options
        if options.arguments.isEmpty, let kept = holder?.record?.arguments {
            // What an older server was told may be unknown now; then its start says so.
            options = (try? ServeOptions.parse(kept)) ?? options
        }
        // A setting that cannot be used is told while the old server still runs.
        let settings = try await surroundings.settings(flags: options.flags)
        if let holder {
            try await life.stop(holder, isForced: force, grace: settings.shutdownGrace) {
                Terminal.error.write("Waiting for running answers; `dpais restart --force` does not wait.\n")
            }
        }
        Start.tell(try await life.start(options.arguments, settings, allowsSystemd: !withoutSystemd))
    }
}
