import Console
import Inference

/// A conversation in the terminal: a line is a question, the answer streams, and all of it is remembered.
struct ChatSession {
    private static let help = """
        /clear    forget the conversation
        /system   text that the model is to keep in mind; alone, none
        /bye      leave (so does Ctrl-D)
        Ctrl-C    stops an answer; what came of it is remembered
        \"\"\"       begins and ends a message of several lines

        """

    private let answering: any Answering
    private let interrupts: Interrupts
    private let reader: LineReader
    private var system: String?
    private var messages: [ChatMessage] = []

    init(_ answering: any Answering, system: String?, interrupts: Interrupts) {
        self.answering = answering
        self.system = system
        self.interrupts = interrupts
        reader = LineReader(interrupts: interrupts)
    }

    /// Talks until the input ends or the user leaves.
    mutating func run() async throws {
        while let line = await reader.line(prompt: ">>> ") {
            let text = try await wholeMessage(line)
            switch text.split(separator: " ", maxSplits: 1).first.map(String.init) {
            case nil: continue
            case "/bye", "/exit", "/quit": return
            case "/clear":
                messages = []
                Terminal.output.write("The conversation is forgotten.\n")
            case "/system":
                let rest = text.dropFirst("/system".count).drop { $0 == " " }
                system = rest.isEmpty ? nil : String(rest)
            case "/help", "/?": Terminal.output.write(Self.help)
            case let command? where command.hasPrefix("/"):
                Terminal.output.write("There is no \(command); /help shows what there is.\n")
            default: try await ask(text)
            }
        }
    }

    private func wholeMessage(_ first: String) async throws -> String {
        guard first.hasPrefix("\"\"\"") else { return first }
        var lines = [String(first.dropFirst(3))]
        while let last = lines.last, !(last.hasSuffix("\"\"\"")), let line = await reader.line(prompt: "... ") {
            lines.append(line)
        }
        if let last = lines.last, last.hasSuffix("\"\"\"") { lines[lines.count - 1] = String(last.dropLast(3)) }
        return lines.joined(separator: "\n")
    }

    private mutating func ask(_ question: String) async throws {
        messages.append(ChatMessage(role: .user, content: question))
        let asked = (system.map { [ChatMessage(role: .system, content: $0)] } ?? []) + messages
        let answer = try await Self.show(answering, asked, interrupts)
        Terminal.output.write("\n\n")
        messages.append(ChatMessage(role: .assistant, content: answer))
    }

    /// Streams one answer to the terminal; Ctrl-C ends it early.
    ///
    /// - Returns: what was shown.
    static func show(_ answering: any Answering, _ messages: [ChatMessage], _ interrupts: Interrupts) async throws
        -> String
    {
        let shown = Transcript()
        // A model that is not in memory yet takes its time.
        let hint = WaitingHint(.output)
        let task = Task {
            try await answering.answer(messages) { text in
                hint.clear()
                Terminal.output.write(text)
                await shown.append(text)
            }
        }
        do {
            defer { hint.clear() }
            try await interrupts.handling {
                task.cancel()
            } _: {
                try await task.value
            }
        } catch let error as InferenceError {
            Terminal.error.write("\nerror: \(error.message)")
        } catch {
            guard task.isCancelled else { throw error }
            Terminal.error.write(" [stopped]")
        }
        return await shown.text
    }

    private actor Transcript {
        var text = ""

        func append(_ piece: String) { text += piece }
    }
}
