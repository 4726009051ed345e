/// Turns text into the token ids that a model was trained on.
package protocol TextTokenizer: Sendable {
    /// The text's tokens between the special tokens that the model expects around it, however many they are.
    func encode(_ text: String) -> [Int32]

    /// The text's tokens alone.
    func encodeAlone(_ text: String) -> [Int32]

    /// The tokens between the same special tokens; tokens that stand between them already come back as they are.
    func wrap(_ tokens: [Int32]) -> [Int32]

    /// One more than the largest id.
    var vocabularySize: Int { get }
}
