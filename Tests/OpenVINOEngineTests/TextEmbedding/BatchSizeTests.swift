import OpenVINOEngine
import Testing

@Suite("The size of a batch")
struct BatchSizeTests {
    @Test("lanes share what waits, in halves of their share, so that they end together")
    func sharesWhatWaits() {
        let size = BatchSize()
        #expect(size.budget(waitingTokens: 100_000, lanes: 2) == BatchSize.largest)
        #expect(size.budget(waitingTokens: 2000, lanes: 2) == 500)
        #expect(size.budget(waitingTokens: 10, lanes: 2) == BatchSize.worthwhile)
    }

    @Test("a slow model's batches are small, so that nobody waits for long")
    func keepsToTheTime() {
        var size = BatchSize()
        // 2,000 tokens a second.
        size.record(tokens: 1000, seconds: 0.5)
        #expect(size.budget(waitingTokens: 100_000, lanes: 2) == Int(2000 * BatchSize.seconds))
        // A lone slow one moves the estimate by a quarter.
        size.record(tokens: 1000, seconds: 1)
        #expect(size.budget(waitingTokens: 100_000, lanes: 2) == Int(1750 * BatchSize.seconds))
        // Small batches say nothing of the speed of large ones.
        size.record(tokens: 3, seconds: 1)
        #expect(size.budget(waitingTokens: 100_000, lanes: 2) == Int(1750 * BatchSize.seconds))
    }
}
