extension FileEntry {
    /// Reads a normalizer.
    func normalizer() throws(TokenizerFileError) -> any Normalizer {
        switch try type() {
        case "Sequence":
            try allow("normalizers")
            var steps: [any Normalizer] = []
            for step in try member("normalizers").elements() { steps.append(try step.normalizer()) }
            return NormalizerSequence(steps: steps)
        case "BertNormalizer": return try bertNormalizer()
        case "NFC":
            try allow()
            return NFCNormalizer()
        case "NFD":
            try allow()
            return NFDNormalizer()
        case "Lowercase":
            try allow()
            return LowercaseNormalizer()
        case "Replace":
            try allow("pattern", "content")
            return ReplaceNormalizer(
                pattern: try member("pattern").pattern(),
                replacement: Array(try member("content").string().unicodeScalars))
        case "Strip":
            try allow("strip_left", "strip_right")
            return StripNormalizer(
                left: try bool("strip_left", default: true), right: try bool("strip_right", default: true))
        case "Precompiled":
            try allow("precompiled_charsmap")
            return try precompiledNormalizer()
        case let other: throw unsupported("the normalizer \(other)")
        }
    }

    private func bertNormalizer() throws(TokenizerFileError) -> BERTNormalizer {
        try allow("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
        let lowercases = try bool("lowercase", default: true)
        return BERTNormalizer(
            cleansText: try bool("clean_text", default: true),
            separatesIdeographs: try bool("handle_chinese_chars", default: true),
            // Where the file leaves it open, as the first BERT models did: with lower case.
            stripsAccents: try bool("strip_accents", default: lowercases),
            lowercases: lowercases)
    }

    private func precompiledNormalizer() throws(TokenizerFileError) -> PrecompiledNormalizer {
        let map = try member("precompiled_charsmap")
        guard let normalizer = PrecompiledNormalizer(base64: try map.string()) else {
            throw map.malformed("a character map of SentencePiece in base64")
        }
        return normalizer
    }

    /// Reads what a normalizer replaces or a pre-tokenizer splits by.
    func pattern() throws(TokenizerFileError) -> TextPattern {
        try allow("String", "Regex")
        if let literal = try optional("String")?.string() {
            guard !literal.isEmpty else { throw malformed("a text that is not empty") }
            return .literal(Array(literal.unicodeScalars))
        }
        let expression = try member("Regex").string()
        guard let pattern = TextPattern(expression: expression) else {
            throw unsupported("the regular expression \(expression)")
        }
        return pattern
    }
}
