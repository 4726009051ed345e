import Foundation

/// Reads Hugging Face `tokenizer.json` files.
///
/// Known are WordPiece, byte-pair and Unigram models with the normalizers, pre-tokenizers and post-processors of the
/// usual text encoders (BERT, RoBERTa, CLIP, XLM-RoBERTa and their kin). Whatever else a file asks for is an error, never
/// left out in silence; only `truncation` and `padding`, which are the caller's, and `decoder`, which has no use here,
/// are passed over.
package enum TokenizerFile {
    /// - Throws: ``TokenizerFileError``
    package static func read(_ path: String) throws -> any TextTokenizer {
        guard let data = FileManager.default.contents(atPath: path) else { throw TokenizerFileError.unreadable }
        return try tokenizer(from: Array(data))
    }

    /// Reads a file of a byte-level tokenizer along with the bytes that its tokens stand for.
    ///
    /// - Throws: ``TokenizerFileError``
    package static func readWithBytes(_ path: String) throws -> (tokenizer: any TextTokenizer, bytes: TokenBytes) {
        guard let data = FileManager.default.contents(atPath: path) else { throw TokenizerFileError.unreadable }
        let file = FileEntry(path: "", value: try JSONReader.read(Array(data)))
        return (try tokenizer(of: file), try file.member("model").member("vocab").tokenBytes())
    }

    /// - Parameter json: the file's bytes.
    package static func tokenizer(from json: [UInt8]) throws(TokenizerFileError) -> any TextTokenizer {
        try tokenizer(of: FileEntry(path: "", value: try JSONReader.read(json)))
    }

    private static func tokenizer(of file: FileEntry) throws(TokenizerFileError) -> any TextTokenizer {
        try file.allow(
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor",
            "decoder", "model")
        let normalizer = try file.optional("normalizer")?.normalizer() ?? NormalizerSequence(steps: [])
        let added = try file.optional("added_tokens")?.addedTokens() ?? []
        return TokenizerPipeline(
            rawTokens: AddedTokens(added.filter { !$0.normalized }.map(\.token)),
            normalizedTokens: AddedTokens(
                added.filter(\.normalized).map { entry in
                    var token = entry.token
                    token.content = normalizer.normalize(token.content)
                    return token
                }),
            normalizer: normalizer,
            preTokenizer: try file.optional("pre_tokenizer")?.preTokenizer() ?? PreTokenizerSequence(steps: []),
            model: try file.member("model").model(),
            special: try file.optional("post_processor")?.specialTokens() ?? SpecialTokens())
    }
}

extension FileEntry {
    /// - Returns: each token, and whether it is looked for in the normalized text.
    fileprivate func addedTokens() throws(TokenizerFileError) -> [(token: AddedTokens.Token, normalized: Bool)] {
        var tokens: [(token: AddedTokens.Token, normalized: Bool)] = []
        for entry in try elements() {
            try entry.allow("id", "content", "special", "single_word", "lstrip", "rstrip", "normalized")
            let token = AddedTokens.Token(
                id: try entry.member("id").id(), content: Array(try entry.member("content").string().unicodeScalars),
                singleWord: try entry.bool("single_word", default: false),
                stripsLeft: try entry.bool("lstrip", default: false),
                stripsRight: try entry.bool("rstrip", default: false))
            let special = try entry.bool("special", default: false)
            tokens.append((token, try entry.bool("normalized", default: !special)))
        }
        return tokens
    }
}
