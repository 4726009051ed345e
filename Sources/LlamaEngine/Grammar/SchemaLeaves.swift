import Foundation

/// Values whose grammar is our own, within schemas that llama.cpp converts: each stands in the schema as a constant
/// that becomes a symbol of the grammar afterwards.
struct SchemaLeaves: Sendable {
    private var rules: [String] = []

    /// A string that is written as this expression derives, between its quotes.
    mutating func string(_ expression: String) -> JSONValue {
        rules.append("\"\\\"\" (\(expression)) \"\\\"\"")
        return .object(["const": .string(Self.word(rules.count - 1))])
    }

    /// A number that is written as this expression derives.
    mutating func number(_ expression: String) -> JSONValue {
        rules.append(expression)
        return .object(["const": .number(Self.digits(rules.count - 1))])
    }

    func completing(_ gbnf: String) -> String {
        var gbnf = gbnf
        for (index, rule) in rules.enumerated() {
            let symbol = "dpais-leaf-\(index)"
            gbnf = gbnf.replacing("\"\\\"\(Self.word(index))\\\"\"", with: symbol)
                .replacing("\"\(Self.digits(index))\"", with: symbol)
            gbnf += "\n\(symbol) ::= \(rule)\n"
        }
        return gbnf
    }

    // Constants that no schema holds by chance.
    private static func word(_ index: Int) -> String { "dpais:leaf:\(index):9f2c71" }
    private static func digits(_ index: Int) -> String { "-8290471\(100_000 + index)" }
}
