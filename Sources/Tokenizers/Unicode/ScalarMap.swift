/// A hash table from 64-bit keys to 32-bit values, filled once and then only read.
///
/// Tokenizers look up something for every character. Open addressing with a multiplicative hash answers from one cache
/// line most times; `Dictionary` spends several times as long on hashing the key with SipHash.
struct ScalarMap: Sendable {
    /// Slots; a power of two, at most half of them taken. `vacant` marks the others.
    private var keys: [UInt64]
    private var values: [UInt32]
    private(set) var count = 0

    private static let vacant = UInt64.max

    init(minimumCapacity: Int = 0) {
        var slots = 16
        while slots < 2 * minimumCapacity { slots *= 2 }
        keys = Array(repeating: Self.vacant, count: slots)
        values = Array(repeating: 0, count: slots)
    }

    /// The key of two numbers, such as a node and a scalar, or the two sides of a merge.
    static func key(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

    /// - Complexity: O(1) on average.
    subscript(key: UInt64) -> UInt32? {
        let slot = slot(of: key)
        return keys[slot] == key ? values[slot] : nil
    }

    /// Sets the value of a key, which must not be `UInt64.max`.
    mutating func set(_ key: UInt64, _ value: UInt32) {
        precondition(key != Self.vacant, "the key that marks vacant slots")
        if 2 * (count + 1) > keys.count { grow() }
        let slot = slot(of: key)
        if keys[slot] != key {
            keys[slot] = key
            count += 1
        }
        values[slot] = value
    }

    /// Where the key is, or where it would go.
    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        // The golden ratio's fraction spreads neighbouring keys; the best bits of the product are its high ones.
        let product = key &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: product >> 24) & mask
        while keys[slot] != key && keys[slot] != Self.vacant { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        var larger = ScalarMap(minimumCapacity: keys.count)
        for (key, value) in zip(keys, values) where key != Self.vacant { larger.set(key, value) }
        self = larger
    }
}
