import Inference
import TestSupport
import Testing

@Suite("The queue of texts to embed")
struct EmbeddingQueueTests {
    private func drain(
        _ queue: inout EmbeddingQueue, budget: Int, maximumTexts: Int = .max, worthwhile: Int = 0
    ) -> [EmbeddingQueue.Batch] {
        var batches: [EmbeddingQueue.Batch] = []
        while let batch = queue.next(tokenBudget: budget, maximumTexts: maximumTexts, worthwhile: worthwhile) {
            batches.append(batch)
        }
        return batches
    }

    @Test("an empty queue has no batch, and a request without texts adds none")
    func emptyQueue() {
        var queue = EmbeddingQueue(padding: .none)
        #expect(queue.next(tokenBudget: 10) == nil)
        _ = queue.add([])
        #expect(queue.isEmpty)
        #expect(queue.next(tokenBudget: 10) == nil)
    }

    @Test("every text is dealt out once, whatever the lengths", arguments: [1, 2, 3])
    func dealsEachTextOnce(seed: UInt64) {
        for padding in [EmbeddingQueue.Padding.none, .upTo([16, 32, 64, 128, 256])] {
            var random = SeededNumbers(seed: seed)
            var queue = EmbeddingQueue(padding: padding)
            var expected: Set<EmbeddingQueue.Text> = []
            for _ in 0..<9 {
                let lengths = (0..<Int.random(in: 1...300, using: &random)).map { _ in
                    Int.random(in: 1...400, using: &random)
                }
                let request = queue.add(lengths)
                for (index, length) in lengths.enumerated() {
                    expected.insert(.init(request: request, index: index, length: length))
                }
            }
            let batches = drain(&queue, budget: 512, maximumTexts: 37, worthwhile: 64)
            let dealt = batches.flatMap(\.texts)
            #expect(dealt.count == expected.count)
            #expect(Set(dealt) == expected)
            #expect(queue.isEmpty)
            for batch in batches {
                let longest = batch.texts.map(\.length).max() ?? 0
                #expect(padding == .none ? longest == batch.rowLength : longest <= batch.rowLength)
            }
        }
    }

    @Test("a padded batch costs its rows times their length, within the budget")
    func keepsToThePaddedBudget() {
        var queue = EmbeddingQueue(padding: .upTo([16, 64]))
        _ = queue.add([40, 12, 50, 10, 9, 64, 3])
        #expect(
            drain(&queue, budget: 128).map { [$0.rowLength, $0.texts.count] } == [[64, 2], [64, 1], [16, 4]])
    }

    @Test("an unpadded batch costs the sum of its lengths, within the budget, and fills up with shorter texts")
    func keepsToTheUnpaddedBudget() {
        var queue = EmbeddingQueue(padding: .none)
        _ = queue.add([90, 60, 30, 8, 50])
        let batches = drain(&queue, budget: 100)
        #expect(batches.map { $0.texts.map(\.length) } == [[90, 8], [60, 30], [50]])
    }

    @Test("texts come longest first, those of one length in the order of the input")
    func ordersByLength() {
        var queue = EmbeddingQueue(padding: .none)
        _ = queue.add([5, 7, 5, 6])
        #expect(queue.next(tokenBudget: 100)?.texts.map(\.index) == [1, 3, 0, 2])
    }

    @Test("a text longer than the budget is a batch of its own")
    func dealsAnOversizedText() {
        var queue = EmbeddingQueue(padding: .upTo([16]))
        _ = queue.add([500, 400, 16])
        let batches = drain(&queue, budget: 32)
        #expect(batches.map { [$0.rowLength, $0.texts.count] } == [[500, 1], [400, 1], [16, 1]])
    }

    @Test("no batch has more texts than it may")
    func keepsToTheNumberOfTexts() {
        var queue = EmbeddingQueue(padding: .none)
        _ = queue.add(Array(repeating: 1, count: 10))
        #expect(drain(&queue, budget: 100, maximumTexts: 4).map(\.texts.count) == [4, 4, 2])
    }

    @Test("a short query is in the next batch, however large the job before it")
    func servesShortQueriesNext() {
        var queue = EmbeddingQueue(padding: .upTo([16, 256]))
        _ = queue.add(Array(repeating: 250, count: 2048))
        _ = queue.next(tokenBudget: 1024)
        let query = queue.add([9])
        #expect(queue.next(tokenBudget: 1024)?.texts == [.init(request: query, index: 0, length: 9)])
    }

    @Test("room that the leading request leaves is filled with like texts of others")
    func fillsTheBatch() {
        var queue = EmbeddingQueue(padding: .upTo([16, 256]))
        let large = queue.add([10, 11, 250, 250, 250])
        _ = queue.next(tokenBudget: 256)
        let query = queue.add([9])
        let batch = queue.next(tokenBudget: 64)
        #expect(batch?.texts.map(\.request) == [query, large, large])
        #expect(batch?.rowLength == 16)
    }

    @Test("a small batch is topped up with shorter texts where that costs next to nothing")
    func topsUpSmallBatches() {
        var queue = EmbeddingQueue(padding: .upTo([8, 16, 32]))
        _ = queue.add([30, 14, 5])
        #expect(drain(&queue, budget: 512, worthwhile: 0).map(\.texts.count) == [1, 1, 1])
        _ = queue.add([30, 14, 5])
        #expect(drain(&queue, budget: 512, worthwhile: 64).map(\.texts.count) == [2, 1])
    }

    @Test("large jobs share, in tokens, and none starves while queries keep coming")
    func sharesFairly() {
        var queue = EmbeddingQueue(padding: .upTo([16, 32]))
        let (first, second) = (queue.add(Array(repeating: 16, count: 400)), queue.add(Array(repeating: 32, count: 400)))
        var tokens: [Int: Int] = [:]
        for _ in 0..<20 {
            for text in queue.next(tokenBudget: 64)?.texts ?? [] { tokens[text.request, default: 0] += text.length }
        }
        #expect(abs(tokens[first, default: 0] - tokens[second, default: 0]) <= 64)

        // Two queries come for every batch of two, yet the jobs are not left standing.
        let before = queue.count
        for _ in 0..<60 {
            _ = queue.add([20])
            _ = queue.add([20])
            _ = queue.next(tokenBudget: 64)
        }
        let batches = drain(&queue, budget: 64)
        #expect(batches.flatMap(\.texts).count { $0.request <= second } < before - 30)
    }

    @Test("texts join a batch where they waste at most an eighth of a row")
    func joinsLikeLengths() {
        var queue = EmbeddingQueue(padding: .upTo(Array(1...32)))
        _ = queue.add([16, 16, 15, 14, 13, 12])
        #expect(drain(&queue, budget: 512).map { $0.texts.map(\.length) } == [[16, 16, 15, 14], [13, 12]])
    }

    @Test("the numbers of rows are few: what is left over joins the next batch")
    func keepsToFewNumbersOfRows() {
        var queue = EmbeddingQueue(padding: .upTo([16, 24]))
        let request = queue.add(Array(repeating: 24, count: 27) + Array(repeating: 16, count: 13))
        let batches = drain(&queue, budget: 24 * 35)
        #expect(batches.map(\.texts.count) == [24, 3, 12, 1])
        #expect(Set(batches.flatMap(\.texts).map(\.index)) == Set(0..<40))
        #expect(batches.flatMap(\.texts).allSatisfy { $0.request == request })
        _ = queue.add(Array(repeating: 10, count: 100))
        #expect(drain(&queue, budget: 16 * 35).map(\.texts.count) == [32, 32, 32, 4])
    }

    @Test("a request that is taken out leaves nothing behind")
    func removesARequest() {
        var queue = EmbeddingQueue(padding: .none)
        let (first, second) = (queue.add([4, 5, 6]), queue.add([7]))
        queue.remove(first)
        queue.remove(first)
        #expect(queue.count == 1)
        #expect(drain(&queue, budget: 100).flatMap(\.texts).map(\.request) == [second])
    }
}
