/// What the engine has to know of a network that enlarges pictures, beside the network itself: how to cut a picture into
/// tiles, so that what comes out is as good as what the whole picture would have given.
struct UpscalerDescription: Sendable, Equatable {
    /// The factor, in each direction.
    var scale: Int
    /// Pixels at a tile's edge whose results are thrown away, because what they depend on was cut off.
    var context: Int
    /// Pixels over which neighbouring tiles are blended into each other, beyond the context.
    var blend: Int
    /// The side of the largest square that is to be computed at once.
    var tile: Int

    /// Networks of so small a reach are cut exactly: their tiles agree to the bit, in 32 bits.
    private static let largestExact = 24
    /// A network of 351 convolutions such as RRDB (Wang et al. 2018) can look hundreds of pixels far, but the effect
    /// fades. In photographs, x4plus differs from what it makes of the whole picture by 1.1 of 255 on average, where 16
    /// pixels around a tile were cut off, and at most 2.4; by 0.5 to 1.2 at 32 pixels, 0.2 to 0.4 at 48. Blended from 16
    /// to 48 no edge is left to be seen. The authors cut 10 pixels off, and do not blend.
    private static let contextOfDeep = 16
    private static let blendOfDeep = 32
    /// Numbers of the largest tensor of a tile: of 16 bits each, 192 megabytes. Two or three such tensors are alive at once.
    private static let largestTensor = 96 << 20
    private static let largestTile = 512
    private static let tileGrain = 16

    /// - Parameters:
    ///   - reach: how far away pixels can have an effect, by the network's kernels.
    ///   - numbersPerPixel: those of the largest tensor, for each pixel of the input.
    init(scale: Int, reach: Double, numbersPerPixel: Int) {
        self.scale = scale
        let reach = Int(reach.rounded(.up))
        let isExact = reach <= Self.largestExact
        context = isExact ? reach : Self.contextOfDeep
        blend = isExact ? 0 : Self.blendOfDeep
        let side = Int((Double(Self.largestTensor) / Double(numbersPerPixel)).squareRoot())
        let smallest = 4 * (2 * context + blend)
        tile = max(smallest, min(Self.largestTile, side / Self.tileGrain * Self.tileGrain))
    }

    static let fileName = "upscaler.json"

    func write(to folder: String) throws(ModelImportError) {
        var file = try FileWriter("\(folder)/\(Self.fileName)")
        try file.write(
            "{\"scale\": \(scale), \"context\": \(context), \"blend\": \(blend), \"tile\": \(tile)}\n")
        try file.flush()
    }
}
