/// Numbers by channel, row and column, and what ncnn's layers do with them, written out from their definitions as loops
/// over single numbers: nothing here has a line in common with what is tested against it.
struct Planes: Equatable {
    var channels: Int
    var height: Int
    var width: Int
    var values: [Double]

    init(_ channels: Int, _ height: Int, _ width: Int, _ values: [Double]) {
        self.channels = channels
        self.height = height
        self.width = width
        self.values = values
    }

    init(_ channels: Int, _ height: Int, _ width: Int, _ value: (_ c: Int, _ y: Int, _ x: Int) -> Double) {
        self.init(channels, height, width, [])
        for c in 0..<channels { for y in 0..<height { for x in 0..<width { values.append(value(c, y, x)) } } }
    }

    /// Numbers from 0 to 1 without a pattern, the same in every run.
    static func noise(_ channels: Int = 3, height: Int = 5, width: Int = 7, seed: Int = 1) -> Planes {
        var numbers = Numbers(seed)
        return Planes(channels, height, width) { _, _, _ in (numbers.next() + 1) / 2 }
    }

    /// The number, or 0 beyond the borders.
    subscript(c: Int, y: Int, x: Int) -> Double {
        (0..<height).contains(y) && (0..<width).contains(x) ? values[(c * height + y) * width + x] : 0
    }

    /// The number; beyond the borders the nearest within.
    func repeated(_ c: Int, _ y: Int, _ x: Int) -> Double {
        self[c, min(max(y, 0), height - 1), min(max(x, 0), width - 1)]
    }

    func map(_ function: (Double) -> Double) -> Planes { Planes(channels, height, width, values.map(function)) }

    /// Bound to the channel.
    func map(_ function: (Int, Double) -> Double) -> Planes {
        Planes(channels, height, width) { function($0, self[$0, $1, $2]) }
    }

    static func zip(_ a: Planes, _ b: Planes, _ function: (Double, Double) -> Double) -> Planes {
        Planes(a.channels, a.height, a.width) { function(a[$0, $1, $2], b[$0, $1, $2]) }
    }

    static func joined(_ parts: [Planes]) -> Planes {
        Planes(parts.reduce(0) { $0 + $1.channels }, parts[0].height, parts[0].width, parts.flatMap(\.values))
    }

    struct Pads {
        var top = 0, bottom = 0, left = 0, right = 0
    }

    /// Each output is the sum of the kernel over the inputs of its group. `weights` are by output, input of the group,
    /// row and column of the kernel.
    func convolved(
        outputs: Int, kernel: (height: Int, width: Int), weights: [Float], bias: [Float]? = nil, pads: Pads = Pads(),
        stride: (down: Int, across: Int) = (1, 1), dilation: (down: Int, across: Int) = (1, 1), groups: Int = 1
    ) -> Planes {
        let perGroup = channels / groups
        let tall = (height + pads.top + pads.bottom - dilation.down * (kernel.height - 1) - 1) / stride.down + 1
        let wide = (width + pads.left + pads.right - dilation.across * (kernel.width - 1) - 1) / stride.across + 1
        return Planes(outputs, tall, wide) { o, y, x in
            var sum = Double(bias?[o] ?? 0)
            for i in 0..<perGroup {
                for ky in 0..<kernel.height {
                    for kx in 0..<kernel.width {
                        let weight = weights[((o * perGroup + i) * kernel.height + ky) * kernel.width + kx]
                        let c = o / (outputs / groups) * perGroup + i
                        sum +=
                            Double(weight)
                            * self[
                                c, y * stride.down + ky * dilation.down - pads.top,
                                x * stride.across + kx * dilation.across - pads.left]
                    }
                }
            }
            return sum
        }
    }

    /// Each input adds the kernel, times its value, at its place; `pads` are cut off what comes out.
    func transposedConvolved(
        outputs: Int, kernel: Int, weights: [Float], bias: [Float], pad: Int, stride: Int, added: Int = 0
    ) -> Planes {
        let tall = (height - 1) * stride + kernel + added
        let wide = (width - 1) * stride + kernel + added
        var whole = Planes(outputs, tall, wide) { o, _, _ in Double(bias[o]) }
        for o in 0..<outputs {
            for i in 0..<channels {
                for y in 0..<height {
                    for x in 0..<width {
                        for ky in 0..<kernel {
                            for kx in 0..<kernel {
                                let weight = weights[((o * channels + i) * kernel + ky) * kernel + kx]
                                whole.values[(o * tall + y * stride + ky) * wide + x * stride + kx] +=
                                    Double(weight) * self[i, y, x]
                            }
                        }
                    }
                }
            }
        }
        return Planes(outputs, tall - 2 * pad, wide - 2 * pad) { whole[$0, $1 + pad, $2 + pad] }
    }

    func nearest(_ factor: Int) -> Planes {
        Planes(channels, height * factor, width * factor) { self[$0, $1 / factor, $2 / factor] }
    }

    /// Interpolated between the centres of pixels, with the weights of pixels at −1, 0, 1, 2 from the place's pixel.
    func interpolated(_ factor: Double, weights: (Double) -> [Double]) -> Planes {
        Planes(channels, Int(Double(height) * factor), Int(Double(width) * factor)) { c, y, x in
            let place = (y: (Double(y) + 0.5) / factor - 0.5, x: (Double(x) + 0.5) / factor - 0.5)
            let pixel = (y: Int(place.y.rounded(.down)), x: Int(place.x.rounded(.down)))
            var sum = 0.0
            for (i, down) in weights(place.y - Double(pixel.y)).enumerated() {
                for (j, across) in weights(place.x - Double(pixel.x)).enumerated() {
                    sum += down * across * repeated(c, pixel.y + i - 1, pixel.x + j - 1)
                }
            }
            return sum
        }
    }

    static func linearWeights(_ t: Double) -> [Double] { [0, 1 - t, t, 0] }

    /// Keys' cubic convolution with a = −0.75.
    static func cubicWeights(_ t: Double) -> [Double] {
        let a = -0.75
        func inner(_ d: Double) -> Double { (a + 2) * d * d * d - (a + 3) * d * d + 1 }
        func outer(_ d: Double) -> Double { a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a }
        return [outer(1 + t), inner(t), inner(1 - t), outer(2 - t)]
    }

    /// The largest difference of two numbers at the same place; infinite where the sizes differ.
    func difference(_ other: Planes) -> Double {
        guard (channels, height, width) == (other.channels, other.height, other.width) else { return .infinity }
        return Swift.zip(values, other.values).map { abs($0 - $1) }.max() ?? 0
    }
}

/// Numbers from −1 to 1 without a pattern (a linear congruential generator, Knuth's MMIX).
struct Numbers {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) }

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(bitPattern: state) >> 11) / Double(Int64(1) << 52)
    }

    /// Such numbers in steps of 1/256, which 16 bits hold exactly.
    static func weights(_ count: Int, seed: Int) -> [Float] {
        var numbers = Numbers(seed)
        return (0..<count).map { _ in Float((numbers.next() * 256).rounded() / 256) }
    }
}
