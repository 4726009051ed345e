extension FileEntry {
    /// Reads what a post-processor puts around a single text.
    func specialTokens() throws(TokenizerFileError) -> SpecialTokens {
        switch try type() {
        case "Sequence":
            try allow("processors")
            var special = SpecialTokens()
            for step in try member("processors").elements() { special = special.inside(try step.specialTokens()) }
            return special
        case "ByteLevel":
            // It changes offsets only.
            try allow("add_prefix_space", "trim_offsets", "use_regex")
            return SpecialTokens()
        case "BertProcessing", "RobertaProcessing":
            try allow("sep", "cls", "add_prefix_space", "trim_offsets")
            return SpecialTokens(
                before: [try member("cls").pair().1.id()], behind: [try member("sep").pair().1.id()])
        case "TemplateProcessing": return try template()
        case let other: throw unsupported("the post-processor \(other)")
        }
    }

    private func template() throws(TokenizerFileError) -> SpecialTokens {
        // Pairs of texts are never encoded.
        try allow("single", "pair", "special_tokens")
        var special = SpecialTokens()
        var texts = 0
        for part in try member("single").elements() {
            try part.allow("SpecialToken", "Sequence")
            if let token = try part.optional("SpecialToken") {
                let ids = try ids(ofSpecialToken: try token.member("id").string())
                if texts == 0 { special.before += ids } else { special.behind += ids }
            } else if try part.member("Sequence").member("id").string() == "A" {
                texts += 1
            }
        }
        guard texts == 1 else { throw malformed("a template with one text") }
        return special
    }

    private func ids(ofSpecialToken name: String) throws(TokenizerFileError) -> [Int32] {
        var ids: [Int32] = []
        for id in try member("special_tokens").member(name).member("ids").elements() { ids.append(try id.id()) }
        return ids
    }
}
