/// The sizes of a Whisper model.
struct WhisperDimensions: Sendable, Equatable {
    /// Bands of the log-mel spectrogram: 80, or 128 from the third large model on.
    var melBands: Int
    /// Vectors that the encoder makes of 30 seconds: one for 20 milliseconds.
    var audioPositions: Int
    /// Tokens of prompt and answer together.
    var textPositions: Int
    /// Components of a vector.
    var width: Int
    var heads: Int
    var encoderLayers: Int
    var decoderLayers: Int
    var vocabulary: Int

    var headWidth: Int { width / heads }

    /// Frames of the spectrogram; the second convolution halves them.
    var melFrames: Int { 2 * audioPositions }

    /// Larger numbers than any model has, small enough that products of three do not overflow.
    private static let sizeLimit = 1 << 20

    /// - Parameter file: where the sizes come from, for messages.
    /// - Throws: ``ModelImportError`` of kind `malformed` where the sizes do not make a model.
    func check(_ file: String) throws(ModelImportError) {
        let sizes = [
            melBands, audioPositions, textPositions, width, heads, encoderLayers, decoderLayers, vocabulary,
        ]
        guard sizes.allSatisfy({ (1...Self.sizeLimit).contains($0) }), width.isMultiple(of: heads) else {
            throw ModelImportError(.malformed, "\(file) does not have the sizes of a Whisper model.")
        }
    }
}
