import Tokenizers

/// Whisper's tokens and the text that they stand for.
package struct WhisperText: Sendable {
    private let tokenizer: any TextTokenizer
    private let bytes: TokenBytes
    private let endOfText: Int32

    /// - Throws: `TokenizerFileError`.
    package init(folder: String, settings: WhisperSettings) throws {
        let (tokenizer, bytes) = try TokenizerFile.readWithBytes("\(folder)/tokenizer.json")
        self.init(tokenizer, bytes, settings: settings)
    }

    package init(_ tokenizer: any TextTokenizer, _ bytes: TokenBytes, settings: WhisperSettings) {
        self.tokenizer = tokenizer
        self.bytes = bytes
        endOfText = settings.tokens.endOfText
    }

    /// The tokens of a text that the speech continues. What would steer the model is left out.
    package func tokens(ofPrompt prompt: String) -> [Int32] {
        let text = prompt.trimmed
        return text.isEmpty ? [] : tokenizer.encodeAlone(" " + text).filter { $0 < endOfText }
    }

    /// The text of tokens; those that are no text are passed over.
    package func text(of tokens: some Sequence<Int32>) -> String {
        bytes.text(tokens.lazy.filter { $0 < endOfText })
    }

    /// The bytes of a token of text.
    func bytes(of token: Int32) -> ArraySlice<UInt8> { token < endOfText ? bytes[token] : [] }
}

extension String {
    /// Without white space around it.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
