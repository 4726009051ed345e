import ArgumentParser
import Console
import NIOCore
import Server

/// The command line: `dpais <command>`.
@main
struct DpaisCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dpais",
        abstract: "Runs open AI models on this machine and serves them to any OpenAI or LlamaStack client.",
        discussion: """
            A first start:
              dpais init                           check this machine and get a model
              dpais model run                      talk to it here
              dpais start                          serve it at http://localhost:8553/v1

            Exit codes: \(exitCodes)
            """,
        version: "dpais \(Dpais.version)",
        groupedSubcommands: [
            CommandGroup(name: "Begin and end", subcommands: [Initialise.self, Compute.self, Uninstall.self]),
            CommandGroup(
                name: "Server",
                subcommands: [
                    Serve.self, Start.self, Stop.self, Restart.self, Status.self, Logs.self, Ping.self,
                ]),
            CommandGroup(name: "Models", subcommands: [ModelCommand.self, CatalogueCommand.self]),
            CommandGroup(
                name: "Settings and help",
                subcommands: [ConfigCommand.self, Completions.self, Manual.self, Version.self]),
        ])

    /// What scripts can rely on.
    static let exitCodes =
        "0 done; 1 it failed, and a line on standard error says why and what to do; 64 the command line was not "
        + "understood; 130 interrupted by Ctrl-C."

    static func main() async {
        // One thread is plenty for all sockets and leaves the cores to the engines.
        NIOSingletons.groupLoopCountSuggestion = 1
        endWhenInterrupted()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as ExitCode {
            exit(withError: error)
        } catch let error as any CustomStringConvertible & Error where exitCode(for: error) == .failure {
            let label = Terminal.error.style.bad("error:")
            Terminal.error.write("\(label) ")
            Terminal.error.writeWrapped(error.description)
            exit(withError: ExitCode.failure)
        } catch {
            // The parser's own: it knows best how to show it.
            if exitCode(for: error) == .validationFailure, let hint = mistypedCommand(Swift.CommandLine.arguments) {
                Terminal.error.write(hint + "\n")
            }
            exit(withError: error)
        }
    }

    /// What a word may have been meant to be that stands where a command is expected; `nil` where all are commands.
    private static func mistypedCommand(_ arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = DpaisCommand.self
        for word in arguments.dropFirst() where !word.hasPrefix("-") {
            let below = command.configuration.subcommands
            guard !below.isEmpty else { return nil }
            if let next = below.first(where: { $0.names.contains(word) }) {
                command = next
            } else {
                return Closest.question(for: word, among: below.flatMap { $0.names } + ["help"])
            }
        }
        return nil
    }
}

extension ParsableCommand {
    /// What it is called by.
    fileprivate static var names: [String] {
        [configuration.commandName ?? "\(Self.self)".lowercased()] + configuration.aliases
    }
}
