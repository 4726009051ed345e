/// The trace that a request belongs to (W3C Trace Context, version 00): `00-<trace id>-<parent id>-<flags>`.
package struct TraceContext: Sendable, Equatable {
    package private(set) var traceparent: String

    /// A fresh trace.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let trace = Self.hexadecimal(generator.next()) + Self.hexadecimal(generator.next())
        traceparent = "00-\(trace)-\(Self.hexadecimal(generator.next()))-01"
    }

    /// The trace that the caller sent; a fresh one where it sent none, or one that is not valid.
    package init(accepting traceparent: String?) {
        self.init()
        if let traceparent, Self.isValid(traceparent) { self.traceparent = traceparent }
    }

    /// Section 3.2 of the standard: lowercase hexadecimal digits, neither id all zeros, no version `ff`. Versions to
    /// come may append fields; they are refused here, because what is taken is also given back.
    private static func isValid(_ text: String) -> Bool {
        let fields = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard fields.map(\.count) == [2, 32, 16, 2] else { return false }
        let isHexadecimal = fields.allSatisfy { field in
            field.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }
        let isZero = [fields[1], fields[2]].contains { $0.allSatisfy { $0 == 0x30 } }
        return isHexadecimal && !isZero && !fields[0].elementsEqual("ff".utf8)
    }

    /// Sixteen digits; never all zeros, which the standard forbids.
    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(max(value, 1), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
