import ArgumentParser
import Console
import Inference
import Server

struct ModelRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Talk to a model in the terminal.",
        discussion: """
            Uses the running server, or where there is none a process of its own. With a prompt it answers once; \
            without, it is a conversation: Ctrl-C stops an answer, Ctrl-D leaves, /help shows the rest.

            Examples:
              dpais model run
              dpais model run smollm2-135m "Why is the sky blue?"
              git log -5 | dpais model run --system "Summarise these commits."
            """,
        aliases: ["chat"])

    @Argument(help: "An installed model; the default model where none is named.", completion: .installedModels)
    var name: String?

    @Argument(help: "A prompt to answer, once.")
    var prompt: [String] = []

    @Option(name: .customLong("model"), help: "The model, as an option.", completion: .installedModels)
    var modelOption: String?

    @Option(help: "Text that the model is to keep in mind.")
    var system: String?

    func run() async throws {
        let surroundings = Surroundings()
        let settings = try await surroundings.settings()
        let interrupts = Interrupts()
        // With --model, every word is the prompt's.
        let words = modelOption == nil ? prompt : [name].compactMap { $0 } + prompt
        let system = system
        try await surroundings.answering(settings, model: modelOption ?? name ?? settings.defaultModel) { answering in
            if !words.isEmpty {
                let messages =
                    (system.map { [ChatMessage(role: .system, content: $0)] } ?? [])
                    + [ChatMessage(role: .user, content: words.joined(separator: " "))]
                _ = try await ChatSession.show(answering, messages, interrupts)
                Terminal.output.write("\n")
            } else {
                var session = ChatSession(answering, system: system, interrupts: interrupts)
                try await session.run()
            }
        }
    }
}
