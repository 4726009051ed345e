/// The tokens that top-k and top-p leave, most likely first.
struct Candidates {
    struct Candidate {
        var token: Int32
        var logit: Float
    }

    private let candidates: [Candidate]
    private let weights: [Float]

    /// Top-k first, then top-p over what it left.
    init(_ distribution: Distribution, topK: Int, topP: Float) {
        let logits = distribution.logits
        var candidates: [Candidate] = []
        if topK > 0 {
            candidates = Self.largest(min(topK, logits.count), of: distribution)
        } else {
            // Tokens with less than this share add up to less than 1 − p: p is reached without them.
            let threshold = distribution.logit(atShare: (1 - topP) / Float(logits.count))
            logits.forEachGroup(in: 0..<logits.count) { start, group in
                guard any(group .>= threshold) else { return }
                for lane in 0..<16 where group[lane] >= threshold {
                    candidates.append(Candidate(token: Int32(start + lane), logit: group[lane]))
                }
            }
        }
        candidates.sort(by: Self.isMoreLikely)
        var weights = candidates.map { distribution.weight(ofLogit: $0.logit) }

        let total = topK > 0 ? weights.reduce(0, +) : distribution.total
        var kept = 0
        var sum: Float = 0
        repeat {
            sum += weights[kept]
            kept += 1
        } while kept < weights.count && weights[kept] > 0 && (topP >= 1 || sum < topP * total)
        candidates.removeLast(candidates.count - kept)
        weights.removeLast(weights.count - kept)
        self.candidates = candidates
        self.weights = weights
    }

    /// The `count` most likely tokens, most likely first; of equals the one with the smaller id.
    static func mostLikely(_ count: Int, of distribution: Distribution) -> [Candidate] {
        largest(min(count, distribution.logits.count), of: distribution).sorted(by: isMoreLikely)
    }

    private static func isMoreLikely(_ a: Candidate, _ b: Candidate) -> Bool {
        a.logit == b.logit ? a.token < b.token : a.logit > b.logit
    }

    /// The token at `uniform` (0..<1) of the cumulative distribution.
    func draw(_ uniform: Float) -> Int32 {
        var target = uniform * weights.reduce(0, +)
        for (candidate, weight) in zip(candidates, weights) {
            target -= weight
            if target < 0 { return candidate.token }
        }
        return candidates[candidates.count - 1].token
    }

    /// The `count` largest that have a weight at all, in no order: a heap whose root is the smallest kept; O(vocabulary · log count).
    private static func largest(_ count: Int, of distribution: Distribution) -> [Candidate] {
        let logits = distribution.logits
        var heap: [Candidate] = []
        heap.reserveCapacity(count)
        logits.forEachGroup(in: 0..<logits.count) { start, group in
            if heap.count == count, !any(group .> heap[0].logit) { return }
            for lane in 0..<16 where group[lane] > -.infinity {
                if heap.count < count {
                    heap.append(Candidate(token: Int32(start + lane), logit: group[lane]))
                    siftUp(&heap)
                } else if group[lane] > heap[0].logit {
                    heap[0] = Candidate(token: Int32(start + lane), logit: group[lane])
                    siftDown(&heap)
                }
            }
        }
        return heap
    }

    private static func siftUp(_ heap: inout [Candidate]) {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].logit < heap[parent].logit else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private static func siftDown(_ heap: inout [Candidate]) {
        var parent = 0
        while true {
            var smallest = parent
            for child in stride(from: 2 * parent + 1, to: 2 * parent + 3, by: 1)
            where child < heap.count && heap[child].logit < heap[smallest].logit {
                smallest = child
            }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
