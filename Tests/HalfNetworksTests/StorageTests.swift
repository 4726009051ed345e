import CHalf
import Testing

@Suite struct StorageTests {
    @Test func `every number of 16 bits is read as it is`() {
        var patterns = (0...UInt16.max).map { $0 }
        var numbers = [Float](repeating: 0, count: patterns.count)
        half_read(half_stored_f16, &patterns, patterns.count, &numbers)
        for (pattern, number) in zip(patterns, numbers) {
            let expected = Float(Float16(bitPattern: pattern))
            #expect(number.bitPattern == expected.bitPattern || (number.isNaN && expected.isNaN))
        }
        half_read(half_stored_bf16, &patterns, patterns.count, &numbers)
        for (pattern, number) in zip(patterns, numbers) { #expect(number.bitPattern == UInt32(pattern) << 16) }
    }
}
