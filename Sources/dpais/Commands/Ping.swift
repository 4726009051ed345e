import ArgumentParser
import Console
import Server

struct Ping: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether the server answers.",
        discussion: """
            Exits with 0 if it does and 1 if not, so scripts can wait for it.

            Examples:
              dpais ping
              until dpais ping; do sleep 1; done
            """)

    func run() async throws {
        let settings = try await Surroundings().settings()
        try await APIClient.connected(to: settings) { client in
            let begun = ContinuousClock.now
            let health = try await client.health()
            let milliseconds = (ContinuousClock.now - begun) / .milliseconds(1)
            Terminal.output.write(
                "dpais \(health.version) answers at \(client.base) (\(Int(milliseconds.rounded())) ms)\n")
        }
    }
}
