/// WordPiece: the longest token that a word begins with, then the longest that its rest begins with, and so on.
///
/// M. Schuster, K. Nakajima: Japanese and Korean Voice Search, 2012; as in BERT, where a word with any rest that no token
/// begins is unknown as a whole.
struct WordPiece: TokenModel {
    private let vocabulary: Vocabulary
    private let unknown: Int32
    /// Where tokens that continue a word begin in the tree; `nil` where the vocabulary has none.
    private let continuation: ScalarTrie.Node?
    /// Longer words are unknown.
    private let longestWord: Int

    /// - Parameters:
    ///   - continuationPrefix: what tokens that continue a word are written with, mostly `##`.
    ///   - longestWord: in scalars.
    init(vocabulary: Vocabulary, unknown: Int32, continuationPrefix: String, longestWord: Int) {
        self.vocabulary = vocabulary
        self.unknown = unknown
        self.continuation = vocabulary.tokens.node(of: continuationPrefix.unicodeScalars)
        self.longestWord = longestWord
    }

    var vocabularySize: Int { vocabulary.size }

    /// - Complexity: O(*n* · *m*), *m* being the longest token's length.
    func appendTokens(of word: ArraySlice<Unicode.Scalar>, to tokens: inout [Int32]) {
        let count = tokens.count
        var rest = word
        var start: ScalarTrie.Node? = ScalarTrie.root
        while !rest.isEmpty {
            guard word.count <= longestWord, let node = start,
                let match = vocabulary.tokens.longestMatch(in: rest, from: node)
            else {
                tokens.removeSubrange(count...)
                return tokens.append(unknown)
            }
            tokens.append(match.id)
            rest = rest[match.end...]
            start = continuation
        }
    }
}
