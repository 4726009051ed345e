/// Texts that a careless coder would harm.
enum OddTexts {
    static let all = [
        "", "plain", "\"quoted\"", "back\\slash \\n \\u0041", "a\nb\r\nc\td", "\u{0}", "\u{1}\u{1F}\u{7F}",
        "\u{8}\u{C}",
        "\u{2028}\u{2029}", "🦙👩‍🔬🇪🇺", "é e\u{301}", "\u{FEFF}", "\u{10FFFF}\u{FFFD}", "\"}", "{\"token\":\"x\"}",
        "{\"error\":{}}\n", "</script>", String(repeating: "long ", count: 50_000),
        String(repeating: "\"\\", count: 9_000),
    ]
}
