import ArgumentParser
import Console
import ModelStore

struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a script that completes commands in a shell.",
        discussion: """
            Names of installed models are completed too.

            Examples:
              source <(dpais completions bash)
              dpais completions bash > ~/.local/share/bash-completion/completions/dpais
              dpais completions zsh > ~/.zfunc/_dpais
              dpais completions fish > ~/.config/fish/completions/dpais.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        let known: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Terminal.output.write(DpaisCommand.completionScript(for: known) + "\n")
    }
}

extension CompletionKind {
    /// The ids of installed models.
    static var installedModels: CompletionKind {
        .custom { _, _, _ in ((try? Surroundings().store.installed()) ?? []).map(\.id) }
    }

    /// The ids of models that can be installed.
    static var catalogueModels: CompletionKind {
        .custom { _, _, _ in ((try? Surroundings().store.catalogue())?.entries ?? []).map(\.id) }
    }
}
