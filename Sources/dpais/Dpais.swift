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
              dpais model install smollm2-135m     fetch a small model
              dpais serve                          serve it at http://localhost:8553/v1
              dpais model run                      or talk to it here

            Exit codes: 0 done; 1 it failed, and a line on standard error says why; 64 the command line was not \
            understood; 130 interrupted.
            """,
        version: "dpais \(Dpais.version)",
        subcommands: [Serve.self, Ping.self, ModelCommand.self, ConfigCommand.self])

    static func main() async {
        // One thread is plenty for all sockets and leaves the cores to the engines.
        NIOSingletons.groupLoopCountSuggestion = 1
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
            Terminal.error.write("error: \(error.description)\n")
            exit(withError: ExitCode.failure)
        } catch {
            // The parser's own: it knows best how to show it.
            exit(withError: error)
        }
    }
}
