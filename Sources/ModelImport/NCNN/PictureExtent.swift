/// How many rows (or columns) a tensor has when the network's input has n of them: `scale · n + offset`.
struct PictureExtent: Sendable, Equatable {
    var scale: Int
    var offset: Int

    static let ofInput = PictureExtent(scale: 1, offset: 0)

    /// What a pass over the picture makes of it; `nil` where the number is no such expression for every n (half of a side
    /// that may be odd), or where nothing is left of a picture of one pixel.
    ///
    /// - Parameters:
    ///   - margin: added before the division.
    ///   - divisor: what the sum is divided by; the result is rounded down.
    ///   - added: added after it.
    func passed(margin: Int, divisor: Int, added: Int) -> PictureExtent? {
        guard scale % divisor == 0 else { return nil }
        let offset = (offset + margin).floorDivided(by: divisor) + added
        return PictureExtent(scale: scale / divisor, offset: offset).valid
    }

    func multiplied(by factor: Int) -> PictureExtent? {
        PictureExtent(scale: scale * factor, offset: offset * factor).valid
    }

    /// Resized by a factor; `nil` where that is no whole number for every n.
    func resized(by factor: Double) -> PictureExtent? {
        let (scale, offset) = (Double(scale) * factor, Double(offset) * factor)
        guard let scale = Int(exactly: scale), let offset = Int(exactly: offset) else { return nil }
        return PictureExtent(scale: scale, offset: offset).valid
    }

    /// Beyond any network that enlarges pictures; keeps sums far from overflow.
    private static let limit = 1 << 16

    var valid: PictureExtent? {
        guard (1...Self.limit).contains(scale), abs(offset) <= Self.limit, scale + offset >= 1 else { return nil }
        return self
    }
}

extension Int {
    fileprivate func floorDivided(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
