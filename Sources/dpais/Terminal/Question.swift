import Console

/// Asks the person at the terminal.
enum Question {
    /// Whether somebody is there who can be asked.
    static var canBeAsked: Bool { Terminal.input.isInteractive && Terminal.error.isInteractive }

    /// - Returns: the line that was typed; `nil` where the input has ended.
    static func ask(_ text: String) -> String? {
        Terminal.error.write(text)
        let answer = readLine(strippingNewline: true)
        if answer == nil { Terminal.error.write("\n") }
        return answer
    }

    /// Asks until it is yes or no; anything but a clear yes is no when the input ends.
    static func confirms(_ text: String) -> Bool {
        while let answer = ask("\(text) [y/N] ") {
            switch answer.lowercased() {
            case "y", "yes": return true
            case "", "n", "no": return false
            default: Terminal.error.write("Please answer y or n.\n")
            }
        }
        return false
    }

    /// Asks for one of a numbered list that has been shown.
    ///
    /// - Returns: its index; `nil` where nothing is wanted.
    static func choice(_ text: String, among names: [String], standard: Int?) -> Int? {
        while let answer = ask(text) {
            switch Choice(answer, among: names, standard: standard) {
            case .item(let index): return index
            case .none: return nil
            case .unclear(let reason): Terminal.error.write(reason + "\n")
            }
        }
        return nil
    }
}
