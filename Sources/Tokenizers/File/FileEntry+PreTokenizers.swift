extension FileEntry {
    /// Reads a pre-tokenizer.
    func preTokenizer() throws(TokenizerFileError) -> any PreTokenizer {
        switch try type() {
        case "Sequence":
            try allow("pretokenizers")
            var steps: [any PreTokenizer] = []
            for step in try member("pretokenizers").elements() { steps.append(try step.preTokenizer()) }
            return PreTokenizerSequence(steps: steps)
        case "BertPreTokenizer":
            try allow()
            return BERTPreTokenizer()
        case "WhitespaceSplit":
            try allow()
            return WhitespaceSplitPreTokenizer()
        case "Split": return try splitPreTokenizer()
        case "ByteLevel":
            // Offsets, which trim_offsets is about, are not computed.
            try allow("add_prefix_space", "trim_offsets", "use_regex")
            return ByteLevelPreTokenizer(
                addsPrefixSpace: try bool("add_prefix_space", default: true),
                splits: try bool("use_regex", default: true))
        case "Metaspace": return try metaspacePreTokenizer()
        case let other: throw unsupported("the pre-tokenizer \(other)")
        }
    }

    private func splitPreTokenizer() throws(TokenizerFileError) -> SplitPreTokenizer {
        try allow("pattern", "behavior", "invert")
        let behavior = try member("behavior")
        guard let known = SplitPreTokenizer.Behavior(rawValue: try behavior.string()) else {
            throw behavior.unsupported("the behavior \(try behavior.string())")
        }
        return SplitPreTokenizer(
            pattern: try member("pattern").pattern(), behavior: known, inverts: try bool("invert", default: false))
    }

    private func metaspacePreTokenizer() throws(TokenizerFileError) -> MetaspacePreTokenizer {
        try allow("replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep")
        let replacement = try member("replacement")
        let characters = Array(try replacement.string().unicodeScalars)
        guard characters.count == 1 else { throw replacement.malformed("one character") }
        // Older files have add_prefix_space in place of the scheme.
        var prefix: MetaspacePreTokenizer.Prefix = try bool("add_prefix_space", default: true) ? .always : .never
        if let scheme = try optional("prepend_scheme") {
            guard let known = MetaspacePreTokenizer.Prefix(rawValue: try scheme.string()) else {
                throw scheme.unsupported("the scheme \(try scheme.string())")
            }
            prefix = known
        }
        return MetaspacePreTokenizer(
            replacement: characters[0], prefix: prefix, splits: try bool("split", default: true))
    }
}
