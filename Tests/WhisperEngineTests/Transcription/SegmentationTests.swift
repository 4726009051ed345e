import Testing
import WhisperEngine

@Suite struct SegmentationTests {
    private func cut(_ tokens: [Int32], frames: Int = 3000) -> Segmentation {
        Segmentation(
            tokens.map { TokenChoices.Choice(token: $0, logprob: 0) }, frames: frames,
            firstTimestamp: WhisperSettings.time(0))
    }

    private func time(_ seconds: Double) -> Int32 { WhisperSettings.time(seconds) }

    private func spans(_ segmentation: Segmentation) -> [[Double]] {
        segmentation.segments.map { [$0.start, $0.end] }
    }

    @Test func `pairs of times cut a window, and the next one begins behind the last`() {
        let result = cut([time(0), 65, time(2), time(2.5), 66, time(7), time(7)])
        #expect(spans(result) == [[0, 2], [2.5, 7]])
        #expect(result.frames == 700)
        #expect(!result.reachesEnd)
    }

    @Test func `a single time at the end means that nothing follows`() {
        let result = cut([time(0), 65, time(2), time(2.5), 66, time(7)])
        #expect(spans(result) == [[0, 2], [2.5, 7]])
        #expect(result.frames == 3000)
        #expect(result.reachesEnd)
    }

    @Test func `text that was cut off is left to the next window`() {
        let result = cut([time(0), 65, time(2), time(2.5), 66])
        #expect(spans(result) == [[0, 2]])
        #expect(result.frames == 200)
    }

    @Test func `without pairs the window is one segment`() {
        #expect(spans(cut([time(0), 65, time(4)])) == [[0, 4]])
        #expect(spans(cut([time(0), 65], frames: 1100)) == [[0, 11]])
        #expect(cut([time(0), 65], frames: 1100).frames == 1100)
    }

    @Test func `a window always gets on`() {
        #expect(cut([time(0), 65, time(0), time(0), 66]).frames == 3000)
        #expect(cut([time(0), 65, time(20), time(20), 66], frames: 500).frames == 500)
    }
}
