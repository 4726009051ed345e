/// A model's tokens and their ids.
struct Vocabulary: Sendable {
    private(set) var tokens = ScalarTrie()
    /// One more than the largest id.
    private(set) var size = 0

    mutating func insert(_ token: String, id: Int32) {
        tokens.insert(token.unicodeScalars, id: id)
        size = max(size, Int(id) + 1)
    }

    func id(of token: some Sequence<Unicode.Scalar>) -> Int32? { tokens.id(of: token) }
}
