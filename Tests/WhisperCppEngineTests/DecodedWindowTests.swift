import Testing
import WhisperCppEngine

/// whisper.cpp hands out a time in two copies, which ends a segment and begins the next, once; OpenAI's program has both.
@Suite struct DecodedWindowTests {
    private func window(advance: Int) -> DecodedWindow {
        func segment(_ ids: [Int32], _ start: Int, _ end: Int) -> DecodedWindow.Segment {
            let tokens = ids.map {
                DecodedWindow.Token(id: $0, probability: 0.5, logprob: -1, bytes: [], end: nil)
            }
            return .init(start: start, end: end, text: "", tokens: tokens)
        }
        return DecodedWindow(
            segments: [segment([100, 5, 150], 0, 100), segment([6, 200], 100, 200)], firstTimestamp: 100,
            temperature: 0, noSpeechProbability: 0, advance: advance)
    }

    @Test func `a segment's tokens begin with its time`() {
        let window = window(advance: 3_000)
        #expect(window.segments.map(window.ids(of:)) == [[100, 5, 150], [150, 6, 200]])
    }

    @Test func `what the next window continues ends with the last time once where nothing followed it`() {
        #expect(window(advance: 3_000).ids == [100, 5, 150, 150, 6, 200])
    }

    @Test func `and twice where more was to come`() {
        #expect(window(advance: 200).ids == [100, 5, 150, 150, 6, 200, 200])
    }

    @Test func `its probability is the mean of what whisper cpp tells`() {
        #expect(window(advance: 200).averageLogprob == -1)
    }
}
