/// The weights of a Whisper model by their roles, out of a file that has names of its own for them.
///
/// The projections of self-attention are joined to one matrix, [3 · width, width], in the order query, key, value; those
/// of cross-attention's keys and values to another, [2 · width, width]: one product is faster than three.
protocol WhisperWeights {
    var dimensions: WhisperDimensions { get }

    /// One of the two convolutions over time, [width, inputs, 3].
    func convolution(_ index: Int) throws(ModelImportError) -> WhisperLinear
    /// [audio positions, width].
    func audioPositions() throws(ModelImportError) -> WhisperWeight
    /// [text positions, width].
    func textPositions() throws(ModelImportError) -> WhisperWeight
    /// The vector of each token, [vocabulary, width]: what tokens come in as, and what scores them at the end.
    func tokens() throws(ModelImportError) -> WhisperWeight
    func encoderLayer(_ index: Int) throws(ModelImportError) -> WhisperEncoderLayer
    func encoderNorm() throws(ModelImportError) -> WhisperNorm
    func decoderLayer(_ index: Int) throws(ModelImportError) -> WhisperDecoderLayer
    func decoderNorm() throws(ModelImportError) -> WhisperNorm
}

/// A matrix, vector or kernel of 16 or 32 bits.
struct WhisperWeight {
    var name: String
    var type: IRElementType
    var shape: [Int]
    var data: IRData
}

/// A matrix of shape [outputs, inputs], or a kernel of a convolution, and the vector added to its product.
struct WhisperLinear {
    var weight: WhisperWeight
    var bias: WhisperWeight
}

struct WhisperNorm {
    var scale: WhisperWeight
    var shift: WhisperWeight
}

struct WhisperSelfAttention {
    var norm: WhisperNorm
    var queryKeyValue: WhisperLinear
    var output: WhisperLinear
}

struct WhisperCrossAttention {
    var norm: WhisperNorm
    var query: WhisperLinear
    var keyValue: WhisperLinear
    var output: WhisperLinear
}

struct WhisperFeedForward {
    var norm: WhisperNorm
    var expansion: WhisperLinear
    var contraction: WhisperLinear
}

struct WhisperEncoderLayer {
    var attention: WhisperSelfAttention
    var feedForward: WhisperFeedForward
}

struct WhisperDecoderLayer {
    var attention: WhisperSelfAttention
    var crossAttention: WhisperCrossAttention
    var feedForward: WhisperFeedForward
}
