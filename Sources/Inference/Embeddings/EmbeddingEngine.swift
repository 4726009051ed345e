/// Texts or images to be turned into vectors.
public struct EmbeddingRequest: Codable, Sendable, Equatable {
    public enum Input: Codable, Sendable, Equatable {
        case text(String)
        case tokens([Int32])
        /// An encoded picture: JPEG, PNG or WebP.
        case image([UInt8])
    }

    /// What becomes of a text that is longer than the model reads.
    public enum Truncation: String, Codable, Sendable {
        /// It is refused.
        case none
        /// Its beginning is left out.
        case start
        /// Its end is left out.
        case end
    }

    /// Texts first, then images.
    public var inputs: [Input]
    /// The first N components, normalised again; `nil` is the model's own length.
    public var dimensions: Int?
    public var truncation: Truncation

    public init(inputs: [Input], dimensions: Int? = nil, truncation: Truncation = .none) {
        self.inputs = inputs
        self.dimensions = dimensions
        self.truncation = truncation
    }
}

/// One vector of unit length for each input, row after row, in the order of the inputs.
public struct Embeddings: Sendable, Equatable {
    /// Row-major, shape `[count, dimensions]`.
    public var values: [Float]
    public var dimensions: Int
    /// What the model read, in its own tokens.
    public var promptTokens: Int

    public init(values: [Float], dimensions: Int, promptTokens: Int) {
        self.values = values
        self.dimensions = dimensions
        self.promptTokens = promptTokens
    }
}

/// An engine that embeds texts or images.
public protocol EmbeddingEngine: Sendable {
    /// - Throws: ``InferenceError``; where an input is at fault its `parameter` is `input[i]`, or `images[i]` counted from
    ///   the first image.
    func embed(_ request: EmbeddingRequest) async throws -> Embeddings
}
