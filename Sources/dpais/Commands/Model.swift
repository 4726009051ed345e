import ArgumentParser

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Install, list, run and remove models.",
        discussion: """
            Examples:
              dpais model list all
              dpais model install smollm2-135m
              dpais model run smollm2-135m
            """,
        subcommands: [
            ModelList.self, ModelInstall.self, ModelRun.self, ModelShow.self, ModelPerformance.self,
            ModelLoaded.self, ModelLoad.self, ModelUnload.self, ModelUninstall.self,
        ],
        aliases: ["models"])
}
