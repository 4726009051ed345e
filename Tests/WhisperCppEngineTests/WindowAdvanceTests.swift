import Testing
import WhisperCppEngine

@Suite struct WindowAdvanceTests {
    /// 31 s of sound.
    private let advance = WindowAdvance(firstTimestamp: 100, length: 3_100)

    @Test func `the next window begins at the last time that was written`() {
        // 5.00 s of 31 are 16.1%.
        #expect(advance.hundredths(after: [100, 5, 6, 350], percent: 16) == 500)
        #expect(advance.hundredths(after: [100, 5, 6, 350, 7, 600], percent: 32) == 1_000)
    }

    @Test func `where whisper cpp says that nothing follows the last time, the window is done`() {
        #expect(advance.hundredths(after: [100, 5, 6, 350], percent: 96) == 3_000)
    }

    @Test func `text without times fills the window`() {
        #expect(advance.hundredths(after: [5, 6], percent: 96) == 3_000)
    }

    @Test func `where times were left out the next window begins no later than they say`() {
        // 20.00 s of 31 are 64.5%.
        let next = advance.hundredths(after: [100, 5, 6, 350], percent: 64)
        #expect(next == 1_984)
    }

    @Test func `a window without text goes on where whisper cpp does`() {
        #expect(advance.hundredths(after: [], percent: 96) == 3_000)
        #expect(advance.hundredths(after: [], percent: 50) == 1_550)
    }

    @Test func `a window always goes on`() {
        #expect(advance.hundredths(after: [100, 5, 100], percent: 0) > 0)
    }

    @Test func `a short end is done at its end`() {
        #expect(WindowAdvance(firstTimestamp: 100, length: 700).hundredths(after: [5], percent: 100) == 700)
    }
}
