/// Finds what of a prompt is in the cache already, and where a new sequence should go.
///
/// All sequences share one cache, so a prefix can be taken from any of them, idle or running, without computing it
/// again. A scan of all sequences: O(sequences × prompt), some microseconds beside an evaluation of milliseconds.
package enum PrefixCache {
    package struct Placement: Equatable {
        /// The sequence that the prompt is to run on; idle.
        package var sequence: Int
        /// The sequence whose first `reused` tokens it begins with; may be `sequence` itself.
        package var source: Int
        /// How many tokens need not be computed; always less than the prompt has, for the last one's logits are wanted.
        package var reused: Int

        package init(sequence: Int, source: Int, reused: Int) {
            self.sequence = sequence
            self.source = source
            self.reused = reused
        }
    }

    /// - Parameters:
    ///   - canTruncate: whether a cached sequence can be reused in part.
    ///   - mayReuse: false where every token has to be computed.
    /// - Returns: `nil` where no sequence is idle.
    package static func place(
        _ tokens: [Int32], in sequences: [CachedSequence], canTruncate: Bool, mayReuse: Bool = true
    ) -> Placement? {
        guard sequences.contains(where: \.isIdle) else { return nil }
        var best = (source: -1, reused: 0)
        for (index, sequence) in sequences.enumerated() where mayReuse {
            let reusable = reusable(tokens, from: sequence, canTruncate: canTruncate)
            // Among equals an idle one: it can be continued in place.
            if reusable > best.reused || (reusable == best.reused && reusable > 0 && sequence.isIdle) {
                best = (index, reusable)
            }
        }
        // A sequence that the prompt continues to its very end is continued in place; nothing else is lost with it.
        if best.reused > 0, sequences[best.source].isIdle, sequences[best.source].cached.count == best.reused {
            return Placement(sequence: best.source, source: best.source, reused: best.reused)
        }
        let target = leastValuable(in: sequences)
        if best.reused == 0 { return Placement(sequence: target, source: target, reused: 0) }
        return Placement(sequence: target, source: best.source, reused: best.reused)
    }

    static func reusable(_ tokens: [Int32], from sequence: CachedSequence, canTruncate: Bool) -> Int {
        let common = wholeMedia(of: tokens, upTo: min(commonPrefix(tokens, sequence.cached), tokens.count - 1))
        return canTruncate || common == sequence.cached.count ? common : 0
    }

    /// The prefix without the picture or sound that it ends within: those are evaluated whole.
    private static func wholeMedia(of tokens: [Int32], upTo length: Int) -> Int {
        guard length < tokens.count, tokens[length] < 0 else { return length }
        var length = length
        while length > 0, tokens[length - 1] < 0 { length -= 1 }
        return length
    }

    package static func commonPrefix(_ a: [Int32], _ b: [Int32]) -> Int {
        let limit = min(a.count, b.count)
        var length = 0
        while length < limit, a[length] == b[length] { length += 1 }
        return length
    }

    /// An empty idle sequence, else the idle one that was not used for longest.
    private static func leastValuable(in sequences: [CachedSequence]) -> Int {
        sequences.indices.filter { sequences[$0].isIdle }.min {
            (sequences[$0].cached.isEmpty ? -1 : sequences[$0].lastUse)
                < (sequences[$1].cached.isEmpty ? -1 : sequences[$1].lastUse)
        } ?? 0
    }
}
