/// Tokens that are found in the text as they are written, before anything splits it.
struct AddedTokens: Sendable {
    struct Token: Sendable {
        var id: Int32
        var content: [Unicode.Scalar]
        /// Only where no letter, digit or mark touches it.
        var singleWord: Bool
        /// Takes the space before it along.
        var stripsLeft: Bool
        /// Takes the space behind it along.
        var stripsRight: Bool
    }

    enum Part {
        case token(Int32)
        case text(ArraySlice<Unicode.Scalar>)
    }

    private var tokens: [Token]
    /// From contents to indices of `tokens`.
    private var contents = ScalarTrie()

    /// - Parameter tokens: those without content are never found.
    init(_ tokens: [Token]) {
        self.tokens = tokens.filter { !$0.content.isEmpty }
        for (index, token) in self.tokens.enumerated() { contents.insert(token.content, id: Int32(index)) }
    }

    /// One more than the largest id.
    var vocabularySize: Int { tokens.reduce(0) { max($0, Int($1.id) + 1) } }

    /// Splits a text into tokens and what lies between; of tokens that begin at the same place the longest counts.
    ///
    /// - Complexity: O(*n* · *m*), *m* being the longest content's length.
    func forEachPart(of text: ArraySlice<Unicode.Scalar>, _ body: (Part) -> Void) {
        guard !tokens.isEmpty else {
            if !text.isEmpty { body(.text(text)) }
            return
        }
        var done = text.startIndex
        var index = text.startIndex
        while index < text.endIndex {
            guard let match = contents.longestMatch(in: text[index...]) else {
                index += 1
                continue
            }
            let token = tokens[Int(match.id)]
            let place = index..<match.end
            index = match.end
            guard !token.singleWord || standsAlone(place, in: text) else { continue }
            let start =
                token.stripsLeft ? startOfSpace(before: place.lowerBound, in: text, notBefore: done) : place.lowerBound
            let end =
                token.stripsRight
                ? text[place.upperBound...].firstIndex { !$0.isSpace } ?? text.endIndex : place.upperBound
            if done < start { body(.text(text[done..<start])) }
            body(.token(token.id))
            done = end
        }
        if done < text.endIndex { body(.text(text[done...])) }
    }

    private func standsAlone(_ place: Range<Int>, in text: ArraySlice<Unicode.Scalar>) -> Bool {
        let before = place.lowerBound > text.startIndex && text[place.lowerBound - 1].isPartOfWord
        let behind = place.upperBound < text.endIndex && text[place.upperBound].isPartOfWord
        return !before && !behind
    }

    private func startOfSpace(before index: Int, in text: ArraySlice<Unicode.Scalar>, notBefore limit: Int) -> Int {
        var start = index
        while start > limit, text[start - 1].isSpace { start -= 1 }
        return start
    }
}
