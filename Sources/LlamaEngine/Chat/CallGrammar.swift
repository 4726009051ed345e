import Foundation

/// llama.cpp's grammars of calls, held to what a request asks for where they leave room for more.
enum CallGrammar {
    /// Calls of one answer: a small model that has begun to call may never stop by itself.
    private static let mostCalls = 8

    static func tightening(_ gbnf: String, isRequired: Bool, isParallel: Bool) -> String {
        var lines = gbnf.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, line) in lines.enumerated() {
            // Text before a call that has to come would let a model talk on and never call.
            if isRequired, line.hasPrefix("root ::= ") {
                lines[index] = line.replacing(/until-[0-9]+\?? (?=(space )?tool-call)/, with: "")
            }
            if line == "tool-calls ::= (tool-call space)+" {
                lines[index] =
                    "tool-calls ::= tool-call space" + (isParallel ? " (tool-call space){0,\(mostCalls - 1)}" : "")
            }
        }
        return lines.joined(separator: "\n")
    }
}
