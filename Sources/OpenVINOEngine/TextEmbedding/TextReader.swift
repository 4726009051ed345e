import Inference
import Tokenizers

/// What the model reads of a request's inputs.
package struct TextReader: Sendable {
    private let tokenizer: any TextTokenizer
    private let maximumLength: Int
    private let vocabularySize: Int
    /// How many special tokens stand before and behind every text.
    private let around: (before: Int, behind: Int)

    /// - Parameters:
    ///   - maximumLength: tokens that a text may have, special tokens included.
    ///   - vocabularySize: one more than the largest id that the model knows.
    package init(_ tokenizer: any TextTokenizer, maximumLength: Int, vocabularySize: Int) {
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
        self.vocabularySize = vocabularySize
        let special = tokenizer.wrap([])
        // Any token that is none of them shows where a text would stand.
        let token = (0...Int32(clamping: special.count)).first { !special.contains($0) } ?? 0
        let before = tokenizer.wrap([token]).firstIndex(of: token) ?? 0
        around = (before, special.count - before)
    }

    /// The tokens of each input, special tokens included.
    ///
    /// Gives way between inputs, so that a large request does not hold up others.
    ///
    /// - Throws: ``Inference/InferenceError`` that names the input; `CancellationError`.
    package func tokens(of request: EmbeddingRequest) async throws -> [[Int32]] {
        var texts: [[Int32]] = []
        texts.reserveCapacity(request.inputs.count)
        for (index, input) in request.inputs.enumerated() {
            if index % 16 == 15 {
                try Task.checkCancellation()
                await Task.yield()
            }
            texts.append(try tokens(of: input, parameter: "input[\(index)]", request.truncation))
        }
        return texts
    }

    private func tokens(
        of input: EmbeddingRequest.Input, parameter: String, _ truncation: EmbeddingRequest.Truncation
    ) throws(InferenceError) -> [Int32] {
        let tokens: [Int32]
        switch input {
        case .text(let text): tokens = tokenizer.encode(text)
        case .tokens(let given):
            try check(given, parameter: parameter)
            tokens = tokenizer.wrap(given)
        case .image:
            throw InferenceError(
                .invalidRequest, "This model embeds texts, not pictures; send texts in input.", parameter: "images")
        }
        guard !tokens.isEmpty else {
            throw InferenceError(
                .invalidRequest, "This makes no token; the model needs one to read.", parameter: parameter)
        }
        if tokens.count <= maximumLength { return tokens }
        guard truncation != .none else {
            throw InferenceError(
                .contextLengthExceeded,
                "This text has \(tokens.count) tokens; the model reads at most \(maximumLength). Shorten or split it.",
                parameter: parameter)
        }
        return shortened(tokens, truncation)
    }

    private func check(_ given: [Int32], parameter: String) throws(InferenceError) {
        guard let wrong = given.first(where: { !(0..<vocabularySize).contains(Int($0)) }) else { return }
        throw InferenceError(
            .invalidRequest,
            "\(wrong) is no token of this model; its tokens are 0 to \(vocabularySize - 1).", parameter: parameter)
    }

    /// The text between the special tokens without its beginning or end.
    private func shortened(_ tokens: [Int32], _ truncation: EmbeddingRequest.Truncation) -> [Int32] {
        let text = tokens.dropFirst(around.before).dropLast(around.behind)
        let kept = max(0, maximumLength - around.before - around.behind)
        return tokens.prefix(around.before) + (truncation == .start ? text.suffix(kept) : text.prefix(kept))
            + tokens.suffix(around.behind)
    }
}
