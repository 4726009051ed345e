import Foundation
import NIOCore
import Server
import TestSupport
import Testing

@Suite("Writing many numbers")
struct NumberWritingTests {
    private func array(_ values: [Float]) -> String {
        var buffer = ByteBuffer()
        buffer.writeJSONArray(values[...])
        return String(buffer: buffer)
    }

    @Test("gives what Swift's own shortest decimals are, over all magnitudes of unit vectors and both signs")
    func shortest() {
        // From below 0.0001 to above 1, where the fast way begins and ends; some 20,000 floats, or each 331st.
        let step = isSoak ? 331 : 17 * 331
        let bits = stride(from: Float(0.00009).bitPattern, to: Float(1.1).bitPattern, by: step)
        var differing: [Float] = []
        for start in stride(from: 0, to: bits.underestimatedCount, by: 1_000) {
            let values = bits.dropFirst(start).prefix(1_000).flatMap { bits in
                [Float(bitPattern: bits), -Float(bitPattern: bits)]
            }
            let expected = "[" + values.map(\.description).joined(separator: ",") + "]"
            if array(values) != expected { differing += values }
        }
        #expect(differing.isEmpty)
    }

    @Test("gives short decimals, powers of two and extremes as Swift does")
    func odd() {
        var values: [Float] = [
            0, -0.0, 1, -1, 0.5, 0.25, 0.1, 0.2, 0.3, 0.7, 0.01, 0.001, 0.0001, 0.00001, 0.123, 0.12, 123_456.79, 1e10,
            .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .pi,
        ]
        values += (1..<1_000).map { Float($0) / 1_000 } + (1..<24).map { 1 / Float(1 << $0) }
        for value in values {
            values += [value.nextUp, value.nextDown].filter(\.isFinite)
        }
        #expect(array(values) == "[" + values.map(\.description).joined(separator: ",") + "]")
    }

    @Test("gives an empty array")
    func empty() {
        #expect(array([]) == "[]")
    }

    @Test("as base64 is what Foundation makes of the same bytes, whatever their count", arguments: 0..<70)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        var buffer = ByteBuffer()
        bytes.withUnsafeBytes { buffer.writeBase64($0) }
        #expect(String(buffer: buffer) == Data(bytes).base64EncodedString())
    }

    @Test("as base64 knows every character of the alphabet")
    func alphabet() {
        let bytes: [UInt8] = (0..<65_536).flatMap { [UInt8($0 >> 8), UInt8($0 & 255), 0x5A] as [UInt8] }
        var buffer = ByteBuffer()
        bytes.withUnsafeBytes { buffer.writeBase64($0) }
        #expect(String(buffer: buffer) == Data(bytes).base64EncodedString())
    }
}
