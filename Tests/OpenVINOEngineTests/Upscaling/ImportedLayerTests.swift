import Foundation
import Testing

/// Every kind of layer that is imported, against its definition written out in ``Planes``.
@Suite struct ImportedLayerTests {
    private let picture = Planes.noise()
    /// Numbers of 24 bits below 8, added up some 30 times and put through functions that are exact to a few of the last
    /// bits: processors differ in the order of the sums and in how they round on the way, by some 1e-6.
    private let tolerance = 1e-5

    /// Runs a layer in front of an enlargement, as an upscaler needs one.
    private func output(
        of kind: String, _ parameters: String, on picture: Planes, weights: (inout ToyNetwork) -> Void = { _ in }
    ) throws -> Planes {
        var network = ToyNetwork()
        network.layer(kind, ["data"], "a", parameters)
        weights(&network)
        network.layer("Interp", ["a"], "output", "0=1 1=2.0 2=2.0")
        return try network.enlarge(picture)
    }

    // MARK: Convolutions

    @Test func `a convolution with weights of 32 bits and a bias`() throws {
        let (weights, bias) = (Numbers.weights(81, seed: 2), Numbers.weights(3, seed: 3))
        let output = try output(of: "Convolution", "0=3 1=3 4=1 5=1 6=81", on: picture) {
            $0.f32(weights)
            $0.plain(bias)
        }
        let expected = picture.convolved(
            outputs: 3, kernel: (3, 3), weights: weights, bias: bias, pads: .init(top: 1, bottom: 1, left: 1, right: 1))
        #expect(output.difference(expected.nearest(2)) < tolerance)
    }

    @Test func `a convolution with an odd number of weights of 16 bits, and no bias`() throws {
        let weights = Numbers.weights(9, seed: 4)
        let output = try output(of: "Convolution", "0=3 1=1 6=9", on: picture) { $0.f16(weights) }
        let expected = picture.convolved(outputs: 3, kernel: (1, 1), weights: weights)
        #expect(output.difference(expected.nearest(2)) < tolerance)
    }

    @Test func `a convolution with another kernel, dilation and padding on each side`() throws {
        // A kernel of 3 × 2, dilated to 5 × 4; four rows and three columns of padding keep the size.
        let weights = Numbers.weights(54, seed: 5)
        let output = try output(
            of: "Convolution", "0=3 1=2 11=3 2=3 12=2 4=2 15=1 14=1 16=3 6=54", on: picture
        ) { $0.f32(weights) }
        let expected = picture.convolved(
            outputs: 3, kernel: (3, 2), weights: weights, pads: .init(top: 1, bottom: 3, left: 2, right: 1),
            dilation: (2, 3))
        #expect(output.difference(expected.nearest(2)) < tolerance)
    }

    @Test(arguments: [(-233, 0), (-234, 1)]) func `a convolution that pads to keep the size`(
        mark: Int, before: Int
    ) throws {
        let weights = Numbers.weights(36, seed: 6)
        let output = try output(of: "Convolution", "0=3 1=2 4=\(mark) 6=36", on: picture) { $0.f32(weights) }
        let expected = picture.convolved(
            outputs: 3, kernel: (2, 2), weights: weights,
            pads: .init(top: before, bottom: 1 - before, left: before, right: 1 - before))
        #expect(output.difference(expected.nearest(2)) < tolerance)
    }

    @Test func `a convolution with strides`() throws {
        let weights = Numbers.weights(81, seed: 7)
        var network = ToyNetwork()
        network.layer("Interp", ["data"], "a", "0=1 1=8.0 2=4.0")
        network.layer("Convolution", ["a"], "output", "0=3 1=3 3=2 13=4 4=1 6=81")
        network.f32(weights)
        let enlarged = Planes(3, 8 * picture.height, 4 * picture.width) { picture[$0, $1 / 8, $2 / 4] }
        let expected = enlarged.convolved(
            outputs: 3, kernel: (3, 3), weights: weights, pads: .init(top: 1, bottom: 1, left: 1, right: 1),
            stride: (4, 2))
        #expect(try network.enlarge(picture).difference(expected) < tolerance)
    }

    @Test(arguments: Unary.endings) func `a convolution that ends with an activation`(_ ending: Unary) throws {
        let weights = Numbers.weights(9, seed: 8).map { 4 * $0 }
        let output = try output(of: "Convolution", "0=3 1=1 6=9 \(ending.parameters)", on: picture) {
            $0.f32(weights)
        }
        let expected = picture.convolved(outputs: 3, kernel: (1, 1), weights: weights).map(ending.function)
        #expect(output.difference(expected.nearest(2)) < tolerance)
    }

    @Test func `a convolution by groups`() throws {
        // 3 channels to 6, each of its own, and back to 3 by pairs.
        let (spread, gather) = (Numbers.weights(54, seed: 9), Numbers.weights(54, seed: 10))
        var network = ToyNetwork()
        network.layer("ConvolutionDepthWise", ["data"], "a", "0=6 1=3 4=1 6=54 7=3")
        network.f16(spread)
        network.layer("ConvolutionDepthWise", ["a"], "b", "0=3 1=3 4=1 6=54 7=3")
        network.f32(gather)
        network.layer("Interp", ["b"], "output", "0=1 1=2.0 2=2.0")
        let pads = Planes.Pads(top: 1, bottom: 1, left: 1, right: 1)
        let expected = picture.convolved(outputs: 6, kernel: (3, 3), weights: spread, pads: pads, groups: 3)
            .convolved(outputs: 3, kernel: (3, 3), weights: gather, pads: pads, groups: 3)
        #expect(try network.enlarge(picture).difference(expected.nearest(2)) < tolerance)
    }

    @Test(arguments: [false, true]) func `a transposed convolution`(isHalf: Bool) throws {
        let (weights, bias) = (Numbers.weights(3 * 3 * 16, seed: 11), Numbers.weights(3, seed: 12))
        var network = ToyNetwork()
        network.layer("Deconvolution", ["data"], "output", "0=3 1=4 3=2 4=1 5=1 6=144 9=2 -23310=1,0.5")
        isHalf ? network.f16(weights) : network.f32(weights)
        network.plain(bias)
        let expected = picture.transposedConvolved(
            outputs: 3, kernel: 4, weights: weights, bias: bias, pad: 1, stride: 2
        ).map { $0 > 0 ? $0 : $0 / 2 }
        #expect(try network.enlarge(picture).difference(expected) < tolerance)
    }

    @Test func `a transposed convolution with a row and a column added`() throws {
        let (weights, bias) = (Numbers.weights(3 * 3 * 9, seed: 13), Numbers.weights(3, seed: 14))
        var network = ToyNetwork()
        network.layer("Deconvolution", ["data"], "output", "0=3 1=3 3=2 4=1 18=1 5=1 6=81")
        network.f32(weights)
        network.plain(bias)
        let expected = picture.transposedConvolved(
            outputs: 3, kernel: 3, weights: weights, bias: bias, pad: 1, stride: 2, added: 1)
        #expect(try network.enlarge(picture).difference(expected) < tolerance)
    }

    // MARK: Functions of one number

    @Test(arguments: Unary.layers) func `an activation as a layer`(_ layer: Unary) throws {
        let signed = picture.map { 8 * $0 - 4 }
        let output = try output(of: layer.kind, layer.parameters, on: signed)
        #expect(output.difference(signed.map(layer.function).nearest(2)) < tolerance)
    }

    @Test(arguments: [[0.25, -0.5, 1.5], [0.25]] as [[Float]]) func `slopes for each channel or for all`(
        slopes: [Float]
    ) throws {
        let signed = picture.map { 2 * $0 - 1 }
        let output = try output(of: "PReLU", "0=\(slopes.count)", on: signed) { $0.plain(slopes) }
        let expected = signed.map { channel, value in
            value > 0 ? value : value * Double(slopes[slopes.count == 1 ? 0 : channel])
        }
        #expect(output.difference(expected.nearest(2)) < tolerance)
    }

    // MARK: Arithmetic

    @Test(arguments: Binary.all) func `an operation on two inputs, or on one and a scalar`(
        _ operation: Binary
    ) throws {
        // Away from 0, by which some divide.
        let picture = picture.map { $0 + 0.5 }
        let withScalar = try output(of: "BinaryOp", "0=\(operation.number) 1=1 2=0.75", on: picture)
        #expect(withScalar.difference(picture.map { operation.function($0, 0.75) }.nearest(2)) < tolerance)

        var network = ToyNetwork()
        network.split("data", ["a", "b"])
        network.layer("BinaryOp", ["b"], "c", "0=7 1=1 2=2.0")
        network.layer("BinaryOp", ["a", "c"], "d", "0=\(operation.number)")
        network.layer("Interp", ["d"], "output", "0=1 1=2.0 2=2.0")
        let expected = Planes.zip(picture, picture.map { 2 - $0 }, operation.function)
        #expect(try network.enlarge(picture).difference(expected.nearest(2)) < tolerance)
    }

    @Test func `one channel meets three`() throws {
        let weights = Numbers.weights(3, seed: 15)
        var network = ToyNetwork()
        network.split("data", ["a", "b"])
        network.layer("Convolution", ["a"], "c", "0=1 1=1 6=3")
        network.f32(weights)
        network.layer("BinaryOp", ["b", "c"], "d", "0=2")
        network.layer("Interp", ["d"], "output", "0=1 1=2.0 2=2.0")
        let grey = picture.convolved(outputs: 1, kernel: (1, 1), weights: weights)
        let expected = Planes(3, picture.height, picture.width) { picture[$0, $1, $2] * grey[0, $1, $2] }
        #expect(try network.enlarge(picture).difference(expected.nearest(2)) < tolerance)
    }

    @Test(arguments: Ternary.all) func `an operation on three inputs`(_ operation: Ternary) throws {
        var network = ToyNetwork()
        network.split("data", ["a", "b", "c"])
        network.layer("BinaryOp", ["b"], "d", "0=7 1=1 2=1.0")
        network.layer("BinaryOp", ["c"], "e", "0=2 1=1 2=0.5")
        network.layer("Eltwise", ["a", "d", "e"], "f", operation.parameters)
        network.layer("Interp", ["f"], "output", "0=1 1=2.0 2=2.0")
        let expected = picture.map { operation.function($0, 1 - $0, $0 / 2) }
        #expect(try network.enlarge(picture).difference(expected.nearest(2)) < tolerance)
    }

    @Test func `channels are joined in the order of the inputs`() throws {
        let weights = Numbers.weights(18, seed: 16)
        var network = ToyNetwork()
        network.split("data", ["a", "b"])
        network.layer("BinaryOp", ["a"], "c", "0=7 1=1 2=1.0")
        network.layer("Concat", ["c", "b"], "d", "0=0")
        network.layer("Convolution", ["d"], "e", "0=3 1=1 6=18")
        network.f32(weights)
        network.layer("Interp", ["e"], "output", "0=1 1=2.0 2=2.0")
        let expected = Planes.joined([picture.map { 1 - $0 }, picture])
            .convolved(outputs: 3, kernel: (1, 1), weights: weights)
        #expect(try network.enlarge(picture).difference(expected.nearest(2)) < tolerance)
    }

    // MARK: Resampling

    @Test(arguments: [2, 3, 4]) func `nearest neighbours`(factor: Int) throws {
        var network = ToyNetwork()
        network.layer("Interp", ["data"], "output", "0=1 1=\(factor).0 2=\(factor).0")
        #expect(try network.enlarge(picture).difference(picture.nearest(factor)) < tolerance)
    }

    @Test(arguments: [2, 3, 4]) func `linear interpolation`(factor: Int) throws {
        var network = ToyNetwork()
        network.layer("Interp", ["data"], "output", "0=2 1=\(factor).0 2=\(factor).0")
        let expected = picture.interpolated(Double(factor), weights: Planes.linearWeights)
        #expect(try network.enlarge(picture).difference(expected) < tolerance)
    }

    @Test(arguments: [2, 4]) func `cubic interpolation`(factor: Int) throws {
        var network = ToyNetwork()
        network.layer("Interp", ["data"], "output", "0=3 1=\(factor).0 2=\(factor).0")
        let expected = picture.interpolated(Double(factor), weights: Planes.cubicWeights)
        #expect(try network.enlarge(picture).difference(expected) < tolerance)
    }

    @Test(arguments: [(0.5, 2), (0.75, 3)]) func `cubic interpolation to a smaller size`(
        factor: Double, scale: Int
    ) throws {
        var network = ToyNetwork()
        network.layer("Interp", ["data"], "a", "0=1 1=4.0 2=4.0")
        network.layer("Interp", ["a"], "output", "0=3 1=\(factor) 2=\(factor)")
        let expected = picture.nearest(4).interpolated(factor, weights: Planes.cubicWeights)
        #expect(try network.enlarge(picture).difference(expected) < tolerance)
    }

    @Test(arguments: [0, 1]) func `channels become pixels, in both orders`(order: Int) throws {
        let weights = Numbers.weights(36, seed: 17)
        var network = ToyNetwork()
        network.layer("Convolution", ["data"], "a", "0=12 1=1 6=36")
        network.f32(weights)
        network.layer("PixelShuffle", ["a"], "output", "0=2 1=\(order)")
        let wide = picture.convolved(outputs: 12, kernel: (1, 1), weights: weights)
        let expected = Planes(3, 2 * picture.height, 2 * picture.width) { c, y, x in
            let place = y % 2 * 2 + x % 2
            return wide[order == 0 ? c * 4 + place : place * 3 + c, y / 2, x / 2]
        }
        #expect(try network.enlarge(picture).difference(expected) < tolerance)
    }

    @Test func `a picture of one pixel passes through everything`() throws {
        let weights = Numbers.weights(108, seed: 18)
        let pixel = Planes.noise(height: 1, width: 1)
        var network = ToyNetwork()
        network.layer("Convolution", ["data"], "a", "0=12 1=3 4=1 6=324")
        network.f32(weights + weights + weights)
        network.layer("PixelShuffle", ["a"], "b", "0=2")
        network.layer("Interp", ["b"], "c", "0=3 1=2.0 2=2.0")
        network.layer("Interp", ["c"], "output", "0=2 1=0.5 2=0.5")
        let wide = pixel.convolved(
            outputs: 12, kernel: (3, 3), weights: weights + weights + weights,
            pads: .init(top: 1, bottom: 1, left: 1, right: 1))
        let square = Planes(3, 2, 2) { c, y, x in wide[c * 4 + y * 2 + x, 0, 0] }
        let expected = square.interpolated(2, weights: Planes.cubicWeights)
            .interpolated(0.5, weights: Planes.linearWeights)
        #expect(try network.enlarge(pixel).difference(expected) < tolerance)
    }
}

/// A function of one number as ncnn writes it, and as it is defined.
struct Unary: Sendable, CustomTestStringConvertible {
    var kind = ""
    var parameters: String
    var function: @Sendable (Double) -> Double

    var testDescription: String { "\(kind) \(parameters)" }

    /// At the end of a convolution.
    static let endings = [
        Unary(parameters: "9=1") { max($0, 0) },
        Unary(parameters: "9=2 -23310=1,0.25") { $0 > 0 ? $0 : 0.25 * $0 },
        Unary(parameters: "9=3 -23310=2,-0.5,0.75") { min(max($0, -0.5), 0.75) },
        Unary(parameters: "9=3 10=-0.5,0.75") { min(max($0, -0.5), 0.75) },
        Unary(parameters: "9=4") { 1 / (1 + exp(-$0)) },
        Unary(parameters: "9=5") { $0 * tanh(log(1 + exp($0))) },
        Unary(parameters: "9=6 -23310=2,0.2,0.5") { $0 * min(max(0.2 * $0 + 0.5, 0), 1) },
    ]

    static let layers = [
        Unary(kind: "ReLU", parameters: "") { max($0, 0) },
        Unary(kind: "ReLU", parameters: "0=0.125") { $0 > 0 ? $0 : 0.125 * $0 },
        Unary(kind: "Clip", parameters: "0=-0.25 1=0.5") { min(max($0, -0.25), 0.5) },
        Unary(kind: "Sigmoid", parameters: "") { 1 / (1 + exp(-$0)) },
        Unary(kind: "TanH", parameters: "") { tanh($0) },
        Unary(kind: "Mish", parameters: "") { $0 * tanh(log(1 + exp($0))) },
        Unary(kind: "HardSwish", parameters: "") { $0 * min(max(0.2 * $0 + 0.5, 0), 1) },
        Unary(kind: "HardSwish", parameters: "0=0.16666667 1=0.5") { $0 * min(max($0 / 6 + 0.5, 0), 1) },
    ]
}

struct Binary: Sendable, CustomTestStringConvertible {
    var number: Int
    var function: @Sendable (Double, Double) -> Double

    var testDescription: String { "operation \(number)" }

    static let all = [
        Binary(number: 0) { $0 + $1 }, Binary(number: 1) { $0 - $1 }, Binary(number: 2) { $0 * $1 },
        Binary(number: 3) { $0 / $1 }, Binary(number: 4) { max($0, $1) }, Binary(number: 5) { min($0, $1) },
        Binary(number: 6) { pow($0, $1) }, Binary(number: 7) { $1 - $0 }, Binary(number: 8) { $1 / $0 },
        Binary(number: 9) { pow($1, $0) },
    ]
}

struct Ternary: Sendable, CustomTestStringConvertible {
    var parameters: String
    var function: @Sendable (Double, Double, Double) -> Double

    var testDescription: String { parameters }

    static let all = [
        Ternary(parameters: "") { $0 * $1 * $2 },
        Ternary(parameters: "0=1") { $0 + $1 + $2 },
        Ternary(parameters: "0=1 -23301=3,0.5,1.0,-2.0") { 0.5 * $0 + $1 - 2 * $2 },
        Ternary(parameters: "0=1 1=0.5,1.0,-2.0") { 0.5 * $0 + $1 - 2 * $2 },
        Ternary(parameters: "0=2") { max($0, $1, $2) },
    ]
}
