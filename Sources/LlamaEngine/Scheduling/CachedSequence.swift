/// One sequence of the cache: the tokens it holds, and the generation that runs on it, if one does.
package struct CachedSequence {
    /// Tokens whose keys and values are in the cache, in order.
    package var cached: [Int32] = []
    package var running: RunningGeneration?
    /// The step at which it was last used; the smallest is given up first.
    package var lastUse = 0

    package init(cached: [Int32] = [], running: RunningGeneration? = nil, lastUse: Int = 0) {
        self.cached = cached
        self.running = running
        self.lastUse = lastUse
    }

    var isIdle: Bool { running == nil }

    /// Tokens of the running generation that are not in the cache yet. One: it generates. More: it reads.
    var missing: Int { running.map { $0.tokens.count - cached.count } ?? 0 }
    var isReading: Bool { missing > 1 }

    /// Orders prompts that are being read: by when they were last read on, then the shorter first.
    var turn: (Int, Int) { (lastUse, missing) }

    /// Whether it takes part in the next step: a generation runs on it, and its reader keeps up.
    var canAdvance: Bool { running.map { !$0.mailbox.isFull } ?? false }

    /// A drafted token, evaluated already, is the one that the answer went on with.
    mutating func keepDraft(_ token: Int32) { cached.append(token) }

    /// The next `count` missing tokens were evaluated and are in the cache now.
    ///
    /// - Returns: how many of them are the prompt's.
    mutating func keep(_ count: Int) -> Int {
        guard let running else { return 0 }
        let start = cached.count
        cached.append(contentsOf: running.tokens[start..<(start + count)])
        return max(0, min(cached.count, running.promptCount) - start)
    }
}
