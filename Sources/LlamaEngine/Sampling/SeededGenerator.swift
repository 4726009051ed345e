/// Random numbers that a seed decides: SplitMix64 (Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number
/// Generators"). The same on every machine.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// Of another seed for every choice; the seed itself for the first.
    init(seed: UInt64, choice: Int) {
        // Not the seed and a multiple of the step, which would be the same sequence further on.
        var generator = Self(seed: seed ^ UInt64(choice) &* 0xD1B5_4A32_D192_ED03)
        self.init(seed: choice == 0 ? seed : generator.next())
    }

    /// Of a seed that nobody knows.
    init() {
        self.init(seed: UInt64.random(in: .min ... .max))
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
