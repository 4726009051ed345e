import Inference

/// What a model reads of a request's inputs.
package struct EmbeddingTokens: Sendable {
    private let tokenizer: Tokenizer
    private let frame: TextFrame
    private let contextLength: Int

    /// - Parameter contextLength: tokens that one text may have, with those around it.
    package init(_ tokenizer: Tokenizer, contextLength: Int) throws {
        self.tokenizer = tokenizer
        frame = try TextFrame(tokenizer)
        self.contextLength = contextLength
    }

    /// The tokens of each input, with those that the model expects around every text.
    ///
    /// Gives way between two inputs, so that a large request does not hold up others.
    ///
    /// - Throws: ``InferenceError``: `contextLengthExceeded`, or `invalidRequest` where an input is a picture, holds no
    ///   token or one that is not in the vocabulary; `CancellationError`.
    package func tokens(of request: EmbeddingRequest) async throws -> [[Int32]] {
        var texts: [[Int32]] = []
        texts.reserveCapacity(request.inputs.count)
        for (index, input) in request.inputs.enumerated() {
            try Task.checkCancellation()
            texts.append(try tokens(of: input, parameter: "input[\(index)]", request.truncation))
            await Task.yield()
        }
        return texts
    }

    private func tokens(
        of input: EmbeddingRequest.Input, parameter: String, _ truncation: EmbeddingRequest.Truncation
    ) throws -> [Int32] {
        let tokens: [Int32]
        switch input {
        case .text(let text): tokens = try tokenizer.tokens(of: text)
        case .tokens(let given):
            try tokenizer.checkVocabulary(given, parameter: parameter)
            tokens = frame.wrap(given)
        case .image:
            throw InferenceError(
                .invalidRequest, "This model embeds texts, not pictures; send texts in input.", parameter: "images")
        }
        guard !tokens.isEmpty else {
            throw InferenceError(
                .invalidRequest, "This makes no token; the model needs one to read.", parameter: parameter)
        }
        if tokens.count <= contextLength { return tokens }
        guard truncation != .none else {
            throw InferenceError(
                .contextLengthExceeded,
                "This text has \(tokens.count) tokens; the model reads at most \(contextLength). Shorten or split it.",
                parameter: parameter)
        }
        return frame.shorten(tokens, to: contextLength, truncation)
    }
}
