import Testing
import WhisperCppEngine

@Suite struct SilenceTests {
    @Test func `silence lasts until the first sound, to 20 ms`() {
        var samples = [Float](repeating: 0, count: 16_000)
        samples[10_000...].withContiguousMutableStorageIfAvailable { part in
            for index in part.indices { part[index] = index.isMultiple(of: 2) ? 0.1 : -0.1 }
        }
        #expect((9_681...10_000).contains(Silence.length(samples)))
    }

    @Test func `the noise of 16 bits is silent`() {
        let samples = (0..<16_000).map { Float(($0 * 7) % 3 - 1) / 32_768 }
        #expect(Silence.length(samples) == samples.count)
    }

    @Test func `soft speech, 40 dB below full scale, is not silent`() {
        let samples = (0..<16_000).map { $0.isMultiple(of: 2) ? Float(0.01) : -0.01 }
        #expect(Silence.length(samples) == 0)
    }
}
