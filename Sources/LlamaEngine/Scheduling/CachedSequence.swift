/// One sequence of the cache: the tokens it holds, and the generation that runs on it, if one does.
struct CachedSequence {
    /// Tokens whose keys and values are in the cache, in order.
    var cached: [Int32] = []
    var running: RunningGeneration?
    /// The step at which it was last used; the smallest is given up first.
    var lastUse = 0

    var isIdle: Bool { running == nil }

    /// Tokens of the running generation that are not in the cache yet. One: it generates. More: it reads.
    var missing: Int { running.map { $0.tokens.count - cached.count } ?? 0 }
    var isReading: Bool { missing > 1 }

    /// The next `count` missing tokens were evaluated and are in the cache now.
    mutating func keep(_ count: Int) {
        guard let tokens = running?.tokens else { return }
        let start = cached.count
        cached.append(contentsOf: tokens[start..<(start + count)])
    }
}
