/// The tokens by which Whisper is steered, out of a `tokenizer.json` (Radford et al., 2022, "Robust Speech Recognition
/// via Large-Scale Weak Supervision", section 2.3).
struct WhisperVocabulary: Sendable, Equatable {
    struct Tokens: Sendable, Equatable, Encodable {
        var endOfText: Int
        var startOfTranscript: Int
        var translate: Int
        var transcribe: Int
        var startOfLM: Int
        var startOfPrevious: Int
        var noSpeech: Int
        var noTimestamps: Int
        /// That of 0 seconds; each that follows is 20 milliseconds later.
        var firstTimestamp: Int
    }

    var tokens: Tokens
    /// In the order of their tokens.
    var languages: [String]
    var firstLanguage: Int

    /// OpenAI's reference has since written this language by its present code.
    private static let renamed = ["iw": "he"]

    /// - Parameter size: tokens that the model knows.
    /// - Throws: ``ModelImportError`` of kind `malformed` where a token is missing, or lies beyond the model's.
    init(_ file: TokenizerFile, size: Int) throws(ModelImportError) {
        let ids = Dictionary(file.addedTokens.map { ($0.content, $0.id) }, uniquingKeysWith: { first, _ in first })
        func token(_ names: String...) throws(ModelImportError) -> Int {
            guard let id = names.lazy.compactMap({ ids["<|\($0)|>"] }).first, (0..<size).contains(id) else {
                throw ModelImportError(.malformed, "tokenizer.json has no token '<|\(names[0])|>' of Whisper's.")
            }
            return id
        }
        let noTimestamps = try token("notimestamps")
        tokens = Tokens(
            endOfText: try token("endoftext"), startOfTranscript: try token("startoftranscript"),
            translate: try token("translate"), transcribe: try token("transcribe"), startOfLM: try token("startoflm"),
            startOfPrevious: try token("startofprev"), noSpeech: try token("nospeech", "nocaptions"),
            noTimestamps: noTimestamps, firstTimestamp: noTimestamps + 1)
        firstLanguage = tokens.startOfTranscript + 1
        guard tokens.firstTimestamp < size, firstLanguage < tokens.translate else {
            throw ModelImportError(.malformed, "tokenizer.json does not have Whisper's tokens in their order.")
        }
        let names = Dictionary(file.addedTokens.map { ($0.id, $0.content) }, uniquingKeysWith: { first, _ in first })
        var languages: [String] = []
        for id in firstLanguage..<tokens.translate {
            guard let name = names[id], name.hasPrefix("<|"), name.hasSuffix("|>") else { break }
            let code = String(name.dropFirst(2).dropLast(2))
            languages.append(Self.renamed[code] ?? code)
        }
        guard languages.first == "en" else {
            throw ModelImportError(.malformed, "tokenizer.json does not begin Whisper's languages with English.")
        }
        self.languages = languages
    }
}

/// The members of a `tokenizer.json` that name tokens of their own.
struct TokenizerFile: Decodable {
    struct Token: Decodable {
        var id: Int
        var content: String
    }

    var addedTokens: [Token]
}
