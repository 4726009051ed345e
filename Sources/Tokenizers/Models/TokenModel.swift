/// Turns words into tokens.
protocol TokenModel: Sendable {
    /// Appends the tokens of one word, which is not empty.
    func appendTokens(of word: ArraySlice<Unicode.Scalar>, to tokens: inout [Int32])

    /// One more than the largest id.
    var vocabularySize: Int { get }
}
