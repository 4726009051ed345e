import ArgumentParser

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Install, list and run models.",
        subcommands: [ModelList.self, ModelInstall.self, ModelRun.self])
}
