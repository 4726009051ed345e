import Media
import Testing

/// Golden values are those of Python's `len(text) / len(zlib.compress(text))`, in bytes of UTF-8.
@Suite struct CompressionRatioTests {
    @Test func `an ordinary sentence does not shrink`() {
        #expect(CompressionRatio.of("And so, my fellow Americans") == Float(27) / 35)
    }

    @Test func `text that repeats itself stands out`() {
        #expect(CompressionRatio.of(String(repeating: "the river ran on ", count: 20)) > 2.4)
    }

    @Test func `no text has no ratio`() {
        #expect(CompressionRatio.of("") == 0)
    }
}
