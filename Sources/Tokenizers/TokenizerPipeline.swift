/// A tokenizer as `tokenizer.json` files describe them: text is normalized, split into words, each word is made tokens
/// of, and special tokens go around them all.
///
/// It gives the ids that Hugging Face's `tokenizers` 0.23 gives; the tests compare them.
struct TokenizerPipeline: TextTokenizer {
    /// Looked for in the text as it came.
    var rawTokens: AddedTokens
    /// Looked for in the normalized text.
    var normalizedTokens: AddedTokens
    var normalizer: any Normalizer
    var preTokenizer: any PreTokenizer
    var model: any TokenModel
    var special: SpecialTokens

    var vocabularySize: Int {
        let framing = (special.before + special.behind).map { Int($0) + 1 }.max() ?? 0
        return max(model.vocabularySize, rawTokens.vocabularySize, normalizedTokens.vocabularySize, framing)
    }

    func wrap(_ tokens: [Int32]) -> [Int32] { special.wrap(tokens) }

    func encode(_ text: String) -> [Int32] { special.before + encodeAlone(text) + special.behind }

    func encodeAlone(_ text: String) -> [Int32] {
        let scalars = Array(text.unicodeScalars)
        var tokens: [Int32] = []
        rawTokens.forEachPart(of: scalars[...]) { part in
            switch part {
            case .token(let id): tokens.append(id)
            case .text(let text): appendTokens(of: text, startsText: text.startIndex == 0, to: &tokens)
            }
        }
        return tokens
    }

    private func appendTokens(of text: ArraySlice<Unicode.Scalar>, startsText: Bool, to tokens: inout [Int32]) {
        normalizedTokens.forEachPart(of: normalizer.normalize(Array(text))[...]) { part in
            switch part {
            case .token(let id): tokens.append(id)
            case .text(let text):
                let piece = TextPiece(scalars: text, startsText: startsText && text.startIndex == 0)
                preTokenizer.split(piece) { model.appendTokens(of: $0.scalars, to: &tokens) }
            }
        }
    }
}
