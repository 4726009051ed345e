import Tokenizers

/// Tokenizers of a few tokens, written as files.
enum TinyTokenizer {
    /// Splits at space; ids 0 to 2 are `[UNK]`, `a` and `b` unless given.
    ///
    /// - Parameter members: further members of the file.
    static func wordPiece(
        _ members: String = #""post_processor": null"#,
        vocabulary: [(String, Int)] = [("[UNK]", 0), ("a", 1), ("b", 2)]
    ) throws -> any TextTokenizer {
        let tokens = vocabulary.map { #""\#($0.0)": \#($0.1)"# }.joined(separator: ", ")
        return try read(
            #"""
            {\#(members), "pre_tokenizer": {"type": "WhitespaceSplit"},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {\#(tokens)}}}
            """#)
    }

    /// `?`, `a`, `b`, `ab`, which is merged, and `aba`, which is not.
    ///
    /// - Parameter members: further members of the model.
    static func bytePair(_ members: String) throws -> any TextTokenizer {
        try read(
            #"""
            {"model": {"type": "BPE", "vocab": {"?": 0, "a": 1, "b": 2, "ab": 3, "aba": 4}, "merges": ["a b"],
                       \#(members)}}
            """#)
    }

    static func read(_ json: String) throws -> any TextTokenizer {
        try TokenizerFile.tokenizer(from: Array(json.utf8))
    }
}
