import ArgumentParser
import Background
import Console

struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the server that runs in the background says.",
        discussion: """
            A log of more than 10 MB is put aside when a server starts; three of those are kept beside it.

            Examples:
              dpais logs
              dpais logs -n 100
              dpais logs --follow
            """)

    @Option(name: [.customShort("n"), .long], help: "How many of the last lines.")
    var lines = 50

    @Flag(name: .shortAndLong, help: "Go on with what is added, until Ctrl-C.")
    var follow = false

    @Flag(help: "Print where the log is, and nothing of it.")
    var path = false

    func validate() throws {
        guard lines >= 0 else { throw ValidationError("--lines needs a number from 0 on.") }
    }

    func run() async throws {
        let life = ServerLife(Surroundings())
        if path { return Terminal.output.write(life.log + "\n") }
        var reader: LogReader
        do {
            reader = try LogReader(life.log)
        } catch {
            throw BackgroundError(
                "There is no log yet at \(life.log). `dpais start` starts a server that writes one; `dpais serve` says all "
                    + "to its own terminal.")
        }
        Terminal.output.write(reader.last(lines))
        // Ctrl-C ends it, with 130.
        while follow {
            try await Task.sleep(for: .milliseconds(200))
            Terminal.output.write(reader.added())
        }
    }
}
