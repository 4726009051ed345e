/// Watches an answer for the place where its grammar begins.
///
/// Each search looks at little more than the bytes that are new: the library's own search matches every pattern
/// against the whole answer at every token.
package struct TriggerWatch: Sendable {
    /// Where the grammar begins: so many bytes into the first of these tokens, the last of the answer so far.
    package struct Place: Sendable, Equatable {
        package var tokens: [Int32]
        package var offset: Int
    }

    /// Bytes at the answer's end that a pattern is looked for in.
    private static let window = 256

    private let words: [[UInt8]]
    private let patterns: [TriggerPattern]
    private let thinkingStart: [UInt8]
    private let thinkingEnds: [[UInt8]]

    private var isThinking: Bool
    private var text: [UInt8] = []
    private var tokens: [(token: Int32, start: Int)] = []
    /// Nothing that begins before this is looked for any more.
    private var cursor = 0
    private var hasThought = false

    /// - Throws: ``InferenceError`` of kind `internal` where a pattern cannot be compiled.
    package init(_ triggers: [GrammarSource.Trigger], thinking: GrammarSource.Thinking?) throws {
        words = triggers.compactMap { if case .word(let word) = $0 { Array(word.utf8) } else { nil } }
        patterns = try triggers.compactMap { trigger in
            guard case .pattern(let pattern) = trigger else { return nil }
            return try TriggerPattern(pattern)
        }
        thinkingStart = Array((thinking?.start ?? "").utf8)
        thinkingEnds = (thinking?.ends ?? []).map { Array($0.utf8) }
        isThinking = thinking?.isOpen ?? false
    }

    /// Adds a token and its text.
    package mutating func append(_ token: Int32, _ piece: some Collection<UInt8>) -> Place? {
        tokens.append((token, text.count))
        text += piece
        while true {
            if isThinking {
                guard let end = first(of: thinkingEnds) else {
                    leaveBehind(thinkingEnds)
                    return nil
                }
                isThinking = false
                hasThought = true
                // The mark that ends the thinking can be the one that begins a call.
                cursor = end
            }
            let word = first(of: words)
            if !thinkingStart.isEmpty, let start = first(of: [thinkingStart]), start < word ?? Int.max {
                isThinking = true
                cursor = start + thinkingStart.count
                continue
            }
            if let place = word ?? matchOfPattern() {
                cursor = text.count
                return self.place(at: place)
            }
            leaveBehind(words + [thinkingStart])
            return nil
        }
    }

    private func place(at start: Int) -> Place? {
        guard let first = tokens.lastIndex(where: { $0.start <= start }) else { return nil }
        return Place(tokens: tokens[first...].map(\.token), offset: start - tokens[first].start)
    }

    private mutating func leaveBehind(_ sought: [[UInt8]]) {
        cursor = max(cursor, text.count - (sought.map(\.count).max() ?? 0) + 1)
    }

    private func first(of sought: [[UInt8]]) -> Int? {
        sought.filter { !$0.isEmpty && text.count - cursor >= $0.count }.compactMap { bytes in
            (cursor...(text.count - bytes.count)).first { text[$0...].starts(with: bytes) }
        }.min()
    }

    private func matchOfPattern() -> Int? {
        patterns.lazy.compactMap { pattern in
            if pattern.isAnchored, text.count > Self.window || hasThought { return nil }
            return pattern.firstMatch(in: text[(pattern.isAnchored ? 0 : max(0, text.count - Self.window))...])
        }.first
    }
}
