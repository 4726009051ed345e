import Console
import Dispatch

/// Lines from standard input, without blocking a thread that tasks need.
struct LineReader: Sendable {
    private let interrupts: Interrupts
    private let queue = DispatchQueue(label: "lines")

    init(interrupts: Interrupts) {
        self.interrupts = interrupts
    }

    /// The next line without its end; `nil` when the input has ended.
    func line(prompt: String) async -> String? {
        if Terminal.input.isInteractive { Terminal.output.write(prompt) }
        return await interrupts.handling {
            Terminal.output.write("\nCtrl-D or /bye leaves.\n\(prompt)")
        } _: {
            await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: readLine(strippingNewline: true)) }
            }
        }
    }
}
