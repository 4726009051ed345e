/// A Whisper model as decoding sees it: it hears one window at a time and continues rows of tokens over it.
///
/// Not sendable, and its calls block: one thread owns it.
package protocol SpeechModel: AnyObject {
    var settings: WhisperSettings { get }
    /// The device that computes it, as ``Inference/EngineDescription/device`` has it.
    var device: String { get }

    /// Hears a window, which all that follows is about.
    ///
    /// - Parameter spectrogram: bands × 3000 numbers, one band after another.
    func hear(_ spectrogram: [Float]) throws

    /// Forgets all tokens: the next ones begin a single row.
    func restart() throws

    /// Continues rows by the same number of tokens each.
    ///
    /// - Parameters:
    ///   - tokens: row after row.
    ///   - order: for each row the row of the last call that it continues; `[0]` after ``restart()``. As many rows as
    ///     numbers.
    ///   - body: is lent the logits behind each row's last token, row after row, and may write into them.
    func evaluate<Result>(
        _ tokens: [Int32], order: [Int32], _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) throws -> Result

    /// Where the model listens while it reads tokens from the beginning, however far the rows are.
    ///
    /// - Returns: for each alignment head and token the weights over the window's positions, each token's adding up to 1.
    func attention(_ tokens: [Int32]) throws -> AttentionWeights
}

/// Weights of shape [heads, tokens, positions].
package struct AttentionWeights: Sendable, Equatable {
    package var heads: Int
    package var tokens: Int
    package var positions: Int
    package var values: [Float]

    package init(heads: Int, tokens: Int, positions: Int, values: [Float]) {
        precondition(values.count == heads * tokens * positions, "as many numbers as the shape holds")
        self.heads = heads
        self.tokens = tokens
        self.positions = positions
        self.values = values
    }
}
