/// Byte-pair encoding: the characters of a word are merged, the pair of the lowest rank first, until no pair is left
/// that was merged in training.
///
/// R. Sennrich, B. Haddow, A. Birch: Neural Machine Translation of Rare Words with Subword Units, 2016.
struct BytePair: TokenModel {
    /// A pair of tokens and what it becomes.
    struct Merge {
        var first: Int32
        var second: Int32
        var merged: Int32
    }

    /// What becomes of characters that the vocabulary does not have.
    enum Unknown {
        /// They are dropped.
        case dropped
        /// Each becomes this token; fused, a run of them becomes one.
        case token(Int32, fused: Bool)
    }

    private let vocabulary: Vocabulary
    /// From a pair's ids to its rank.
    private var ranks: ScalarMap
    /// What a pair becomes, by rank.
    private let merged: [Int32]
    private let endOfWordSuffix: [Unicode.Scalar]
    private let unknown: Unknown
    private let prefersWholeWords: Bool

    /// - Parameters:
    ///   - merges: in the order of their ranks.
    ///   - endOfWordSuffix: what tokens that end a word are written with, such as `</w>`; empty where they are not told
    ///     apart.
    ///   - prefersWholeWords: takes a word that is a token as it is, whatever the merges say.
    init(
        vocabulary: Vocabulary, merges: [Merge], endOfWordSuffix: String, unknown: Unknown, prefersWholeWords: Bool
    ) {
        self.vocabulary = vocabulary
        self.endOfWordSuffix = Array(endOfWordSuffix.unicodeScalars)
        self.unknown = unknown
        self.prefersWholeWords = prefersWholeWords
        merged = merges.map(\.merged)
        ranks = ScalarMap(minimumCapacity: merges.count)
        for (rank, merge) in merges.enumerated() {
            ranks.set(Self.key(merge.first, merge.second), UInt32(rank))
        }
    }

    var vocabularySize: Int { vocabulary.size }

    /// - Complexity: O(*n* log *n*) in the word's length.
    func appendTokens(of word: ArraySlice<Unicode.Scalar>, to tokens: inout [Int32]) {
        if prefersWholeWords, let id = vocabulary.id(of: word) { return tokens.append(id) }
        let characters = characters(of: word)
        var chain = MergeChain(characters)
        chain.merge { first, second in
            ranks[Self.key(first, second)].map { rank in (rank, merged[Int(rank)]) }
        }
        chain.appendTokens(to: &tokens)
    }

    /// The tokens of a word's single characters.
    private func characters(of word: ArraySlice<Unicode.Scalar>) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(word.count)
        var followsUnknown = false
        for index in word.indices {
            let isLast = index == word.endIndex - 1
            let id =
                isLast ? vocabulary.id(of: [word[index]] + endOfWordSuffix) : vocabulary.id(of: word[index...index])
            if let id {
                result.append(id)
            } else if case .token(let id, let fused) = unknown, !(fused && followsUnknown) {
                result.append(id)
            }
            followsUnknown = id == nil
        }
        return result
    }

    private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
        ScalarMap.key(UInt32(bitPattern: first), UInt32(bitPattern: second))
    }
}
