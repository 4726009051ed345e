import ArgumentParser
import Background
import Console
import ModelStore
import Server

struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop the server.",
        discussion: """
            Running answers may finish, for as long as the setting server.shutdown-grace says; --force cuts them off. \
            Returns when the server has ended. Where none runs there is nothing to do, and that is no failure.

            Examples:
              dpais stop
              dpais stop --force
            """)

    @Flag(help: "End it at once; running answers are cut off.")
    var force = false

    func run() async throws {
        let surroundings = Surroundings()
        let life = ServerLife(surroundings)
        let settings = try await surroundings.settings()
        guard let holder = life.holder else {
            if life.service.isInstalled, await life.service.isActive() {
                // One that systemd starts again and again has no process to be found now and then.
                try await life.service.stop()
                Terminal.output.write("The service \(life.service.name) is stopped.\n")
                return
            }
            if try await Self.isAnswering(settings) {
                throw BackgroundError(
                    "A dpais server answers at \(APIClient.base(host: settings.host, port: settings.port)), but it is "
                        + "not of the home \(surroundings.home.root). Stop it where it was started.")
            }
            Terminal.output.write("No server is running.\n")
            return
        }
        try await life.stop(holder, isForced: force, grace: settings.shutdownGrace) {
            Terminal.error.write(
                "Waiting for running answers, at most \(settings.shutdownGrace.components.seconds) s "
                    + "(`dpais stop --force` does not wait).\n")
        }
        Terminal.output.write("The server is stopped (process \(holder.process)).\n")
    }

    private static func isAnswering(_ settings: Settings) async throws -> Bool {
        guard settings.port != 0 else { return false }
        return try await APIClient.connected(to: settings) { (try? await $0.health()) != nil }
    }
}
