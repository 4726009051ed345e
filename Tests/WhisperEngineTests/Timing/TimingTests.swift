import Foundation
import Inference
import Testing
import WhisperEngine

@Suite struct TimingTests {
    @Test func `the median of seven is found whatever their order`() {
        // By the 0-1 principle a network that sorts all zeros and ones sorts everything.
        for bits in 0..<128 {
            let values = (0..<7).map { Float(bits >> $0 & 1) }
            var row = [Float](repeating: 0, count: 3) + values + [Float](repeating: 0, count: 3)
            var padded: [Float] = []
            row.withUnsafeMutableBufferPointer { MedianFilter.apply($0, padded: &padded) }
            #expect(row[6] == values.sorted()[3])
        }
    }

    @Test(arguments: [4, 9, 100]) func `the median filter mirrors its ends`(count: Int) {
        var random = SplitMix(seed: 5)
        let values = (0..<count).map { _ in Float.random(in: 0..<1, using: &random) }
        var row = values
        var padded: [Float] = []
        row.withUnsafeMutableBufferPointer { MedianFilter.apply($0, padded: &padded) }
        let expected = values.indices.map { index in
            (index - 3...index + 3).map { place in
                values[place < 0 ? -place : place >= count ? 2 * count - 2 - place : place]
            }.sorted()[3]
        }
        #expect(row == expected)
    }

    @Test func `the cheapest way is found`() {
        // Every way through small matrices, by recursion.
        var random = SplitMix(seed: 9)
        for _ in 0..<20 {
            let cost = (0..<20).map { _ in Float.random(in: -1..<1, using: &random) }
            let first = TimeWarping.firstColumns(cost, rows: 4, columns: 5)
            func ways(_ row: Int, _ column: Int) -> [(cost: Float, first: [Int])] {
                let own = cost[row * 5 + column]
                if row == 0, column == 0 { return [(own, [0])] }
                var found: [(cost: Float, first: [Int])] = []
                if column > 0 { found += ways(row, column - 1) }
                if row > 0 { found += ways(row - 1, column).map { ($0.cost, $0.first + [column]) } }
                if row > 0, column > 0 { found += ways(row - 1, column - 1).map { ($0.cost, $0.first + [column]) } }
                return found.map { ($0.cost + own, $0.first) }
            }
            let best = ways(3, 4).min { $0.cost < $1.cost }
            #expect(first == best?.first)
        }
    }

    @Test func `a word begins where the model listens when it writes it`() throws {
        let settings = try WhisperSettings.small()
        let timer = WordTimer(
            ScriptedModel(settings) { _, _ in [:] }, .bytes(settings), language: "en", beginning: [257, 258, 262])
        let choices = spelled(" so it").map { TokenChoices.Choice(token: $0, logprob: log(0.5)) }
        let words = try timer.words(of: choices, frames: 3000)
        #expect(words.map(\.text) == [" so", " it"])
        // The model's tokens listen 0.1 s each, and four stand before the text; a word is timed by the token before it.
        #expect(abs((words.last?.start ?? 0) - 0.6) < 0.05)
        #expect(abs((words.first?.probability ?? 0) - 0.5) < 1e-6)
    }
}

@Suite struct SegmentWordsTests {
    private func words(_ texts: [(String, Double, Double)]) -> [WordTimer.Word] {
        texts.map { WordTimer.Word(text: $0.0, tokens: 1, start: $0.1, end: $0.2, probability: 1) }
    }

    private func given(
        _ words: [WordTimer.Word], from start: Double = 0, to end: Double, lastEnd: Double = 0
    ) -> TranscriptionSegment {
        var segments = [TranscriptionSegment(id: 0, seek: 0, start: start, end: end, text: "")]
        var lastEnd = lastEnd
        SegmentWords(words).give(to: &segments, textCounts: [words.count], offset: 0, lastEnd: &lastEnd)
        return segments[0]
    }

    @Test func `signs join the words that they open and close`() {
        let segment = given(
            words([(" \"", 0, 0.1), (" Yes", 0.1, 0.4), (",", 0.4, 0.5), (" sir", 0.5, 0.8), (".\"", 0.8, 0.9)]), to: 1)
        #expect(segment.words?.map(\.word) == [" \" Yes,", " sir.\""])
    }

    @Test func `a segment begins and ends with its words`() {
        let segment = given(words([(" one", 0.3, 0.6), (" two", 0.6, 0.9)]), to: 1.2)
        #expect([segment.start, segment.end] == [0.3, 0.9])
    }

    @Test func `a first word that reaches over a pause is shortened`() {
        let segment = given(
            words([(" one", 0, 8), (" two", 8, 8.3), (" three", 8.3, 8.6)]), from: 7.5, to: 8.6, lastEnd: 0)
        #expect(segment.words?.first.map { $0.end - $0.start < 1 } == true)
        #expect(segment.words?.first?.end == 8)
    }
}
