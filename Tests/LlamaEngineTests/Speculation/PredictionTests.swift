import LlamaEngine
import Testing

@Suite("Prediction")
struct PredictionTests {
    private let text: [Int32] = Array(1...100)

    private func after(_ answer: [Int32], limit: Int = 8) -> [Int32] {
        var prediction = Prediction(text)
        for token in answer { prediction.follow(token) }
        return Array(prediction.draft(limit: limit))
    }

    @Test("It is followed from its beginning")
    func beginning() {
        #expect(after([]) == Array(1...8))
        #expect(after([1, 2, 3]) == Array(4...11))
    }

    @Test("Where the answer has left it, nothing is drafted")
    func outside() {
        #expect(after([1, 2, 500]).isEmpty)
        #expect(after([1, 2, 500, 501, 502]).isEmpty)
    }

    @Test("It is found again after tokens were replaced, put in or left out")
    func edits() {
        #expect(after([1, 2, 500, 4, 5], limit: 3) == [6, 7, 8])
        #expect(after([1, 2, 500, 501, 502, 3, 4], limit: 3) == [5, 6, 7])
        #expect(after([1, 2, 30, 31], limit: 3) == [32, 33, 34])
    }

    @Test("Of two places the one ahead is taken, and one behind where none is ahead")
    func places() {
        let text: [Int32] = [1, 2, 3, 7, 8, 4, 5, 7, 8, 6]
        var prediction = Prediction(text)
        for token: Int32 in [1, 2, 3, 7, 8, 4, 500, 7, 8] { prediction.follow(token) }
        #expect(Array(prediction.draft(limit: 5)) == [6])
        for token: Int32 in [6, 500, 1, 2] { prediction.follow(token) }
        #expect(Array(prediction.draft(limit: 2)) == [3, 7])
    }

    @Test("At its end, and without any, nothing is drafted")
    func end() {
        #expect(after(text).isEmpty)
        #expect(Array(Prediction([]).draft(limit: 5)).isEmpty)
        var short = Prediction([1])
        #expect(Array(short.draft(limit: 5)) == [1])
        short.follow(2)
        #expect(Array(short.draft(limit: 5)).isEmpty)
    }

    @Test("Drafts grow while they hold and shrink when they do not")
    func reach() {
        var prediction = Prediction(Array(0..<1_000))
        let first = prediction.draft(limit: 100).count
        prediction.record(drafted: first, accepted: first)
        let second = prediction.draft(limit: 100).count
        #expect(second > first)
        prediction.record(drafted: second, accepted: 1)
        #expect(prediction.draft(limit: 100).count < first)
        #expect(prediction.draft(limit: 2).count == 2)
    }
}
