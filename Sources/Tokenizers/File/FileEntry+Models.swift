extension FileEntry {
    /// Reads a model with its vocabulary.
    func model() throws(TokenizerFileError) -> any TokenModel {
        switch try optional("type")?.string() ?? "BPE" {
        case "WordPiece": return try wordPiece()
        case "BPE": return try bytePair()
        case "Unigram": return try unigram()
        case let other: throw unsupported("the model \(other)")
        }
    }

    private func wordPiece() throws(TokenizerFileError) -> WordPiece {
        try allow("vocab", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word")
        let vocabulary = try member("vocab").vocabulary()
        let longest = try optional("max_input_chars_per_word")?.number() ?? 100
        return WordPiece(
            vocabulary: vocabulary,
            unknown: try member("unk_token").token(in: vocabulary),
            continuationPrefix: try optional("continuing_subword_prefix")?.string() ?? "##",
            longestWord: Int(clamping: Int64(longest.rounded(.down))))
    }

    private func bytePair() throws(TokenizerFileError) -> BytePair {
        try allow(
            "vocab", "merges", "unk_token", "end_of_word_suffix", "fuse_unk", "ignore_merges", "dropout",
            "continuing_subword_prefix", "byte_fallback")
        if let dropout = try optional("dropout"), try dropout.number() != 0 {
            throw dropout.unsupported("leaving merges out by chance")
        }
        if let prefix = try optional("continuing_subword_prefix"), try !prefix.string().isEmpty {
            throw prefix.unsupported("a prefix of tokens that continue a word")
        }
        if let fallback = try optional("byte_fallback"), try fallback.bool() {
            throw fallback.unsupported("bytes in place of unknown characters")
        }
        let vocabulary = try member("vocab").vocabulary()
        var unknown = BytePair.Unknown.dropped
        if let token = try optional("unk_token") {
            unknown = .token(try token.token(in: vocabulary), fused: try bool("fuse_unk", default: false))
        }
        return BytePair(
            vocabulary: vocabulary,
            merges: try member("merges").merges(in: vocabulary),
            endOfWordSuffix: try optional("end_of_word_suffix")?.string() ?? "",
            unknown: unknown,
            prefersWholeWords: try bool("ignore_merges", default: false))
    }

    private func unigram() throws(TokenizerFileError) -> Unigram {
        try allow("vocab", "unk_id", "byte_fallback")
        if let fallback = try optional("byte_fallback"), try fallback.bool() {
            throw fallback.unsupported("bytes in place of unknown characters")
        }
        var pieces: [(text: String, score: Double)] = []
        for piece in try member("vocab").elements() {
            let (text, score) = try piece.pair()
            pieces.append((try text.string(), try score.number()))
        }
        let unknown = try member("unk_id")
        guard try unknown.id() < pieces.count else { throw unknown.malformed("a token of the vocabulary") }
        return Unigram(pieces: pieces, unknown: try unknown.id())
    }

    /// Reads an object of tokens and ids.
    private func vocabulary() throws(TokenizerFileError) -> Vocabulary {
        var vocabulary = Vocabulary()
        for member in try members() {
            guard case .number(let number) = member.value, let id = Int32(exactly: number), id >= 0 else {
                throw malformed("an object of tokens and ids")
            }
            vocabulary.insert(member.key, id: id)
        }
        return vocabulary
    }

    /// Reads a token that the vocabulary must have.
    private func token(in vocabulary: Vocabulary) throws(TokenizerFileError) -> Int32 {
        guard let id = vocabulary.id(of: try string().unicodeScalars) else {
            throw malformed("a token of the vocabulary")
        }
        return id
    }

    /// Reads merges: each a list of two tokens or, in older files, two tokens with a space between.
    private func merges(in vocabulary: Vocabulary) throws(TokenizerFileError) -> [BytePair.Merge] {
        var merges: [BytePair.Merge] = []
        for entry in try elements() {
            let (first, second) = try entry.mergedTokens()
            guard let firstID = vocabulary.id(of: first.unicodeScalars),
                let secondID = vocabulary.id(of: second.unicodeScalars),
                let merged = vocabulary.id(of: Array(first.unicodeScalars) + Array(second.unicodeScalars))
            else { throw entry.malformed("a merge of two tokens of the vocabulary into a third") }
            merges.append(BytePair.Merge(first: firstID, second: secondID, merged: merged))
        }
        return merges
    }

    private func mergedTokens() throws(TokenizerFileError) -> (String, String) {
        if case .string(let line) = value {
            let tokens = line.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
            guard tokens.count == 2 else { throw malformed("two tokens with a space between") }
            return (String(tokens[0]), String(tokens[1]))
        }
        let (first, second) = try pair()
        return (try first.string(), try second.string())
    }
}
