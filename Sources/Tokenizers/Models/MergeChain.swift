/// A word being merged: a chain of tokens, and a heap of the neighbours that can still become one.
struct MergeChain {
    private struct Link {
        /// The token, or -1 once it is part of the one before it.
        var token: Int32
        var previous: Int
        var next: Int
    }

    /// A pair that could be merged when it was found; by the time it is taken, its links may have changed.
    private struct Candidate {
        var rank: UInt32
        var first: Int
        var merged: Int32

        static func < (left: Candidate, right: Candidate) -> Bool {
            (left.rank, left.first) < (right.rank, right.first)
        }
    }

    private var links: [Link]
    /// A binary heap, the lowest rank on top, of equal ones the leftmost.
    private var heap: [Candidate] = []

    init(_ tokens: [Int32]) {
        links = tokens.indices.map { Link(token: tokens[$0], previous: $0 - 1, next: $0 + 1) }
    }

    /// Merges until no pair is left.
    ///
    /// - Parameter pair: the rank of two tokens and what they become; `nil` where they stay apart.
    mutating func merge(_ pair: (Int32, Int32) -> (rank: UInt32, merged: Int32)?) {
        for index in links.indices.dropLast() { propose(index, pair) }
        while let candidate = popHeap() {
            let first = candidate.first
            guard links[first].token >= 0, links[first].next < links.count else { continue }
            let second = links[first].next
            // Both may have been merged with others meanwhile; then what they become now decides.
            guard let now = pair(links[first].token, links[second].token), now.merged == candidate.merged else {
                continue
            }
            join(first, second, as: now.merged)
            if links[first].previous >= 0 { propose(links[first].previous, pair) }
            propose(first, pair)
        }
    }

    func appendTokens(to tokens: inout [Int32]) {
        for link in links where link.token >= 0 { tokens.append(link.token) }
    }

    private mutating func join(_ first: Int, _ second: Int, as token: Int32) {
        links[first].token = token
        links[first].next = links[second].next
        links[second].token = -1
        if links[second].next < links.count { links[links[second].next].previous = first }
    }

    private mutating func propose(_ first: Int, _ pair: (Int32, Int32) -> (rank: UInt32, merged: Int32)?) {
        let second = links[first].next
        guard second < links.count, let found = pair(links[first].token, links[second].token) else { return }
        pushHeap(Candidate(rank: found.rank, first: first, merged: found.merged))
    }

    // MARK: The heap

    private mutating func pushHeap(_ candidate: Candidate) {
        heap.append(candidate)
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 2, heap[child] < heap[parent] {
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func popHeap() -> Candidate? {
        guard let top = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return top }
        heap[0] = last
        var parent = 0
        while case let left = 2 * parent + 1, left < heap.count {
            let child = left + 1 < heap.count && heap[left + 1] < heap[left] ? left + 1 : left
            guard heap[child] < heap[parent] else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return top
    }
}
