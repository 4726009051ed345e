extension LlamaStack {
    /// The `bnf` object of a response format. The specification does not say what it holds; it is read in two ways:
    ///
    /// - `{"root": "\"yes\" | \"no\" end", "end": "[.!]"}`: rules by name, each with its right-hand side in llama.cpp's
    ///   GBNF notation. `root` is where the answer starts.
    /// - `{"grammar": "root ::= \"yes\" | \"no\""}`: one key of any name with a whole grammar in that notation, known by
    ///   its `::=` after the first name.
    struct Grammar: Decodable, Sendable {
        /// A whole grammar.
        let gbnf: String

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, keyedBy: AnyKey.self)
            let keys = fields.container.allKeys.sorted { $0.stringValue < $1.stringValue }
            for key in keys { fields.require(key, "a string") }
            let texts = keys.compactMap { fields.text($0) }
            if keys.count == 1, let text = texts.first, Self.isWhole(text) {
                gbnf = text
                return
            }
            let root = AnyKey(stringValue: "root")
            if !keys.contains(where: { $0.stringValue == root.stringValue }) {
                fields.fault(.missing, root, "is required: expected the rule that the answer starts from")
            }
            for key in keys where !Self.isRuleName(key.stringValue) {
                decoder.faults.add(
                    .invalidValue, at: decoder.codingPath,
                    "expected names of rules that are letters, digits and hyphens")
            }
            // In parentheses a right-hand side may have line breaks, which otherwise end a rule.
            gbnf = zip(keys, texts).map { "\($0.stringValue) ::= (\n\($1)\n)\n" }.joined()
        }

        /// Whether a text begins with `name ::=`, as no right-hand side does. Comments may come before.
        private static func isWhole(_ text: String) -> Bool {
            for line in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
                let start = line.drop { $0.isSpace }
                guard let first = start.first, first != UInt8(ascii: "#") else { continue }
                let rest = start.drop { $0.isRuleLetter }
                return rest.startIndex > start.startIndex && rest.drop { $0.isSpace }.starts(with: "::=".utf8)
            }
            return false
        }

        private static func isRuleName(_ name: String) -> Bool {
            !name.isEmpty && name.utf8.allSatisfy(\.isRuleLetter)
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// What names of rules are made of.
    fileprivate var isRuleLetter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
