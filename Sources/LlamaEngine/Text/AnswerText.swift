/// The bytes of generated tokens, made into text that may be shown: whole characters, and nothing of a stop sequence.
///
/// Bytes wait here while they may still become part of a stop sequence, or of a character whose rest is to come.
package struct AnswerText {
    private let stops: [[UInt8]]
    private var pending: [UInt8] = []
    /// How many of the bytes that were added have been given out as text.
    package private(set) var shownCount = 0

    /// - Parameter stops: sequences that end the answer; empty ones are passed over.
    package init(stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Adds a token's bytes.
    ///
    /// - Returns: what may be shown now, and whether a stop sequence has come; nothing may be added after that.
    package mutating func append(_ bytes: some Collection<UInt8>) -> (text: String, stopped: Bool) {
        pending.append(contentsOf: bytes)
        if let start = startOfFirstStop() {
            let text = String(decoding: pending[..<start], as: UTF8.self)
            shownCount += start
            pending.removeAll()
            return (text, true)
        }
        return (take(pending.count - max(lengthOfPartialStop(), lengthOfPartialCharacter())), false)
    }

    /// The rest, when the answer ends otherwise. A character that was never completed becomes U+FFFD.
    package mutating func finish() -> String {
        take(pending.count)
    }

    private mutating func take(_ count: Int) -> String {
        guard count > 0 else { return "" }
        // What may be shown can itself end within a character, where a stop sequence is held back behind it.
        let whole = count == pending.count ? count : count - Self.incompleteSuffix(of: pending[..<count])
        guard whole > 0 else { return "" }
        defer {
            pending.removeFirst(whole)
            shownCount += whole
        }
        return String(decoding: pending[..<whole], as: UTF8.self)
    }

    /// Where the stop sequence begins that is the first to be complete; the longest of those that end together.
    ///
    /// Not the one that begins first: which stop ends an answer must not depend on how tokens cut its text.
    private func startOfFirstStop() -> Int? {
        let found = stops.compactMap { stop -> Range<Int>? in
            guard pending.count >= stop.count else { return nil }
            return (0...(pending.count - stop.count)).first { pending[$0...].starts(with: stop) }
                .map { $0..<($0 + stop.count) }
        }
        return found.min { ($0.upperBound, $0.lowerBound) < ($1.upperBound, $1.lowerBound) }?.lowerBound
    }

    /// How many of the last bytes could be the beginning of a stop sequence.
    private func lengthOfPartialStop() -> Int {
        stops.map { stop in
            var length = min(stop.count - 1, pending.count)
            while length > 0, !stop.starts(with: pending.suffix(length)) { length -= 1 }
            return length
        }.max() ?? 0
    }

    private func lengthOfPartialCharacter() -> Int {
        Self.incompleteSuffix(of: pending[...])
    }

    /// How many of the last bytes begin a character of UTF-8 without completing it; 0 to 3.
    private static func incompleteSuffix(of bytes: ArraySlice<UInt8>) -> Int {
        var length = 0
        for byte in bytes.reversed() {
            length += 1
            if length > 3 { return 0 }
            if byte & 0b1100_0000 == 0b1000_0000 { continue }
            let expected =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            return expected > length ? length : 0
        }
        return 0
    }
}
