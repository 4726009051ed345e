/// Grammars of what `format` names. Each derives only texts of the format, if not all of them: no day that its month
/// does not have, no address that no program would take.
enum FormatGrammar {
    static let known = expressions.keys.sorted().joined(separator: ", ")

    /// Whether the standard knows the format; others are annotations.
    static func isAsserted(_ format: String) -> Bool { expressions[format] != nil || others.contains(format) }

    /// What is written between the quotes; `nil` for a format that cannot be enforced.
    static func expression(of format: String) -> String? { expressions[format] }

    /// How many characters a text of the format may have.
    static func length(of format: String) -> ClosedRange<Int> {
        switch format {
        case "date": 10...10
        case "uuid": 36...36
        case "ipv4": 7...15
        case "time": 9...21
        case "date-time": 20...32
        case "duration": 3...6
        case "ipv6": 15...39
        case "email": 5...64
        case "hostname": 3...53
        default: 8...129
        }
    }

    private static let others: Set<String> = [
        "idn-email", "idn-hostname", "iri", "iri-reference", "uri-template", "json-pointer", "relative-json-pointer",
        "regex",
    ]

    private static let date = """
        [12] [0-9]{3} "-" (("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01]) \
        | ("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30") | "02-" ("0" [1-9] | "1" [0-9] | "2" [0-8]))
        """
    private static let time = """
        ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})? \
        ("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])
        """
    private static let octet = #"("25" [0-5] | "2" [0-4] [0-9] | "1" [0-9]{2} | [1-9]? [0-9])"#
    private static let label = "[a-z] [a-z0-9]{0,16}"
    private static let host = #"\#(label) ("." \#(label)){1,2}"#
    private static let uri = ##""https://" \##(host) ("/" [a-zA-Z0-9_.-]{1,16}){0,4}"##

    private static let expressions: [String: String] = [
        "date": date,
        "time": time,
        "date-time": "(\(date)) \"T\" \(time)",
        "duration": #""P" [1-9] [0-9]{0,2} ("D" | "W" | "M" | "Y") | "PT" [1-9] [0-9]{0,2} [HMS]"#,
        "uuid": #"[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}"#,
        "email": #"[a-zA-Z0-9]{1,8} ([._-] [a-zA-Z0-9]{1,8}){0,2} "@" [a-z] [a-z0-9]{0,10} ("." [a-z]{2,10}){1,2}"#,
        "hostname": host,
        "ipv4": #"\#(octet) "." \#(octet) "." \#(octet) "." \#(octet)"#,
        "ipv6": #"[0-9a-f]{1,4} (":" [0-9a-f]{1,4}){7}"#,
        "uri": uri,
        "uri-reference": uri,
    ]
}
