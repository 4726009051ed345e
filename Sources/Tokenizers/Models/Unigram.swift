/// SentencePiece's unigram model: of all ways to spell a word with pieces, the most likely one (Viterbi's algorithm).
///
/// T. Kudo: Subword Regularization, 2018.
struct Unigram: TokenModel {
    private let vocabulary: Vocabulary
    /// Natural logarithms of the pieces' probabilities, by id.
    private let scores: [Double]
    private let unknown: Int32
    /// What a character costs that is no piece: much more than the rarest.
    private let unknownScore: Double

    /// - Parameters:
    ///   - pieces: their ids are their places.
    ///   - unknown: a run of characters that are no pieces becomes this one piece.
    init(pieces: [(text: String, score: Double)], unknown: Int32) {
        var vocabulary = Vocabulary()
        for (id, piece) in pieces.enumerated() { vocabulary.insert(piece.text, id: Int32(id)) }
        self.vocabulary = vocabulary
        self.scores = pieces.map(\.score)
        self.unknown = unknown
        unknownScore = (scores.min() ?? 0) - 10
    }

    var vocabularySize: Int { vocabulary.size }

    /// The best way to spell the word up to some character: its last piece, and where that begins.
    private struct Step {
        var score = 0.0
        var piece: Int32 = -1
        var start = 0
    }

    /// - Complexity: O(*n* · *m*), *m* being the longest piece's length.
    func appendTokens(of word: ArraySlice<Unicode.Scalar>, to tokens: inout [Int32]) {
        let steps = bestSteps(through: word)
        var path: [Int32] = []
        var end = word.count
        while end > 0 {
            let step = steps[end]
            if step.piece != unknown || path.last != unknown { path.append(step.piece) }
            end = step.start
        }
        tokens.append(contentsOf: path.reversed())
    }

    private func bestSteps(through word: ArraySlice<Unicode.Scalar>) -> [Step] {
        var steps = Array(repeating: Step(), count: word.count + 1)
        for start in 0..<word.count {
            let score = steps[start].score
            func offer(_ piece: Int32, _ pieceScore: Double, end: Int) {
                let total = score + pieceScore
                if steps[end].piece < 0 || total > steps[end].score {
                    steps[end] = Step(score: total, piece: piece, start: start)
                }
            }
            var node = ScalarTrie.root
            var isPiece = false
            for end in start + 1...word.count {
                guard let next = vocabulary.tokens.step(node, word[word.startIndex + end - 1]) else { break }
                node = next
                guard let id = vocabulary.tokens.id(at: node) else { continue }
                offer(id, scores[Int(id)], end: end)
                isPiece = isPiece || end == start + 1
            }
            if !isPiece { offer(unknown, unknownScore, end: start + 1) }
        }
        return steps
    }
}
