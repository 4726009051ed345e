import Testing
import Tokenizers

/// Expected values are those of Python's `unicodedata.normalize`.
@Suite("Unicode's canonical forms")
struct CanonicalFormsTests {
    private func scalars(_ values: [UInt32]) -> [Unicode.Scalar] { values.compactMap(Unicode.Scalar.init) }

    /// A text, its form D, and its form C.
    static let cases: [([UInt32], [UInt32], [UInt32])] = [
        ([0x41, 0xE9], [0x41, 0x65, 0x301], [0x41, 0xE9]),
        // Two steps of decomposition.
        ([0x1E9B, 0x323], [0x17F, 0x323, 0x307], [0x1E9B, 0x323]),
        ([0x1D6], [0x75, 0x308, 0x304], [0x1D6]),
        // Singletons never come back.
        ([0x212B, 0x2126], [0x41, 0x30A, 0x3A9], [0xC5, 0x3A9]),
        // Marks are put in order, and compose over marks of other classes but not over their own.
        ([0x65, 0x301, 0x327], [0x65, 0x327, 0x301], [0x229, 0x301]),
        ([0x61, 0x316, 0x301], [0x61, 0x316, 0x301], [0xE1, 0x316]),
        ([0x61, 0x30D, 0x301], [0x61, 0x30D, 0x301], [0x61, 0x30D, 0x301]),
        // Hangul, whole, in letters and in halves.
        ([0xAC01], [0x1100, 0x1161, 0x11A8], [0xAC01]),
        ([0x1100, 0x1161, 0x11A8], [0x1100, 0x1161, 0x11A8], [0xAC01]),
        ([0xAC00, 0x11A8], [0x1100, 0x1161, 0x11A8], [0xAC01]),
        ([0xAC01, 0x11A8], [0x1100, 0x1161, 0x11A8, 0x11A8], [0xAC01, 0x11A8]),
        // Excluded from composition.
        ([0x958], [0x915, 0x93C], [0x915, 0x93C]),
        ([0xFB1D], [0x5D9, 0x5B4], [0x5D9, 0x5B4]),
        // A starter that composes with the one before it.
        ([0x9C7, 0x9BE], [0x9C7, 0x9BE], [0x9CB]),
        // Marks without anything to stand on.
        ([0x301, 0x316], [0x316, 0x301], [0x316, 0x301]),
        ([0x344], [0x308, 0x301], [0x308, 0x301]),
        ([0x1D15E], [0x1D157, 0x1D165], [0x1D157, 0x1D165]),
        ([], [], []),
    ]

    @Test("texts are decomposed and composed as the standard says", arguments: cases)
    func forms(text: [UInt32], decomposed: [UInt32], composed: [UInt32]) {
        #expect(CanonicalForms.decomposed(scalars(text)).map(\.value) == decomposed)
        #expect(CanonicalForms.composed(scalars(text)).map(\.value) == composed)
        #expect(CanonicalForms.composed(scalars(decomposed)).map(\.value) == composed)
    }

    @Test("a run of many marks is sorted by class, each class in its own order")
    func manyMarks() {
        let text = scalars([0x71] + (0..<50_000).flatMap { _ in [0x301, 0x316] as [UInt32] })
        let sorted = Array(repeating: 0x316, count: 50_000) + Array(repeating: 0x301, count: 50_000)
        #expect(CanonicalForms.decomposed(text).map { Int($0.value) } == [0x71] + sorted)
    }
}
