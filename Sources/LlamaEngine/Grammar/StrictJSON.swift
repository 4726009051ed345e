import Foundation

/// llama.cpp's rules of JSON with what other readers of JSON stumble over taken out.
enum StrictJSON {
    /// One character of a string as it is written: no half of a surrogate pair, no control characters, nothing that
    /// is two characters to some and one to others.
    static let character = #"""
        [\x20-\x21\x23-\x5B\x5D-\x7E\u00A0-\uD7FF\uE000-\U0010FFFF] \#
        | "\\" (["\\bfnrt] | "u" ([0-9a-cA-CefEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))
        """#

    private static let replacements: [(String, String)] = [
        (#"[^"\\\x7F\x00-\x1F] | [\\] (["\\bfnrt] | "u" [0-9a-fA-F]{4})"#, character),
        (#"( [^"\\] | "\\" ( ["\\/ bfnrt] | "u" [0-9a-fA-F]{4} ) )*"#, "(\(character))*"),
        // Numbers that a 64-bit float holds, and integers that it holds exactly.
        ("[0] | [1-9] [0-9]{0,15}", "[0] | [1-9] [0-9]{0,14}"),
        (
            #"("-"? integral-part) ("." decimal-part)? ([eE] [-+]? integral-part)?"#,
            #""-"? integral-part ("." decimal-part)? ([eE] [-+]? [1-9] [0-9]?)?"#
        ),
        (
            #""-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? (("e" | "E") [+-]? [0-9]+)?"#,
            #""-"? ("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,16})? ([eE] [-+]? [1-9] [0-9]?)?"#
        ),
    ]

    static func tightening(_ gbnf: String) -> String {
        replacements.reduce(gbnf) { $0.replacing($1.0, with: $1.1) }
    }
}
