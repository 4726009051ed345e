import Foundation
import HalfNetworks
import Inference
import Media
import OpenVINOEngine
import OpenVINORuntime
import TestSupport
import Testing

/// Networks computed in binary16, against the same networks in OpenVINO and 32 bits.
@Suite(.enabled(if: HalfArithmetic.isAvailable, "this processor does not compute in 16 bits (AVX512-FP16)"))
struct HalfUpscalingTests {
    /// Every kind of step, as Real-ESRGAN's networks have them: a dense block with an activation alike for all channels
    /// and one for each, sums that are a convolution's end and sums that are not, and two enlargements.
    private func network() -> ToyNetwork {
        var network = ToyNetwork()
        func weights(_ count: Int, _ seed: Int, _ inputs: Int) -> [Float] {
            Numbers.weights(count, seed: seed).map { ($0 * 2 / Float(inputs).squareRoot() * 512).rounded() / 2048 }
        }
        network.split("data", ["picture", "shown"])
        network.layer("Convolution", ["picture"], "a", "0=11 1=3 4=1 5=1 6=297 9=2 -23310=1,0.2")
        network.f16(weights(297, 31, 3))
        network.plain(Numbers.weights(11, seed: 32))
        network.split("a", ["a1", "a2", "a3"])
        network.layer("Convolution", ["a1"], "b", "0=13 1=3 4=1 5=1 6=1287")
        network.f32(weights(1287, 33, 11))
        network.plain(Numbers.weights(13, seed: 34))
        network.layer("PReLU", ["b"], "c", "0=13")
        network.plain(Numbers.weights(13, seed: 35))
        network.layer("Concat", ["a2", "c"], "d")
        // Its result is only added, times a factor, to what the block began with.
        network.layer("Convolution", ["d"], "e", "0=11 1=3 4=1 6=2376")
        network.f16(weights(2376, 36, 24))
        network.layer("Eltwise", ["e", "a3"], "f", "0=1 -23301=2,0.2,1.0")
        network.split("f", ["f1", "f2"])
        network.layer("Convolution", ["f1"], "g", "0=11 1=3 4=1 6=1089")
        network.f16(weights(1089, 37, 11))
        network.split("g", ["g1", "g2"])
        network.layer("Eltwise", ["g1", "f2"], "h", "0=1")
        network.layer("BinaryOp", ["h", "g2"], "i", "0=0")
        network.layer("Interp", ["i"], "j", "0=1 1=2.0 2=2.0")
        network.layer("Convolution", ["j"], "k", "0=12 1=3 4=1 6=1188 9=1")
        network.f16(weights(1188, 38, 11))
        network.layer("PixelShuffle", ["k"], "l", "0=2")
        network.layer("Interp", ["shown"], "m", "0=1 1=4.0 2=4.0")
        network.layer("BinaryOp", ["m", "l"], "output", "0=0")
        return network
    }

    /// Two convolutions, the second of so many inputs: the more of them, the fewer pixels are computed together.
    private func wideNetwork(_ channels: Int) -> ToyNetwork {
        var network = ToyNetwork()
        func weights(_ count: Int, _ seed: Int, _ inputs: Int) -> [Float] {
            Numbers.weights(count, seed: seed).map { ($0 / Float(inputs).squareRoot() * 512).rounded() / 1024 }
        }
        network.layer("Convolution", ["data"], "a", "0=\(channels) 1=3 4=1 6=\(27 * channels)")
        network.f16(weights(27 * channels, 51, 3))
        network.layer("Convolution", ["a"], "b", "0=3 1=3 4=1 5=1 6=\(27 * channels)")
        network.f16(weights(27 * channels, 52, channels))
        network.plain([0.5, 0.4, 0.6])
        network.layer("Interp", ["b"], "output", "0=1 1=2.0 2=2.0")
        return network
    }

    private func upscaler(_ folder: TemporaryFolder, scale: Int = 4, threads: Int = 2) throws -> Upscaler {
        try #require(try Upscaler(folder: folder.path, scale: scale, team: ComputeTeam(threads: threads)))
    }

    @Test(arguments: [
        (1, 1), (1, 9), (7, 1), (31, 4), (32, 5), (33, 6), (64, 7), (97, 8), (129, 19), (200, 3), (257, 6), (576, 5),
        (641, 4),
    ])
    func `a picture of any size comes out as in 32 bits`(width: Int, height: Int) throws {
        try expectAsIn32Bits(network(), scale: 4, width: width, height: height)
    }

    @Test(arguments: [(130, 257, 5), (171, 200, 6), (260, 330, 3)])
    func `a convolution of many channels comes out as in 32 bits`(channels: Int, width: Int, height: Int) throws {
        try expectAsIn32Bits(wideNetwork(channels), scale: 2, width: width, height: height)
    }

    private func expectAsIn32Bits(_ network: ToyNetwork, scale: Int, width: Int, height: Int) throws {
        let picture = Picture.noise(width: width, height: height)
        let planes = Planes(3, height, width) { Double(picture.pixels[($1 * width + $2) * 3 + $0]) / 255 }
        let expected = try network.enlarge(planes)
        let upscaler = try upscaler(network.imported(), scale: scale)
        let enlarged = try #require(upscaler.enlarge(picture.pixels, width: width, height: height, threads: 2))
        let error = Error(enlarged, expected)
        // 50 decibels, and no single pixel astray. The rounding to bytes alone is off by 0.29 on average.
        #expect(error.rootMeanSquare < 0.8)
        #expect(error.largest < 8)
    }

    /// How far bytes lie from numbers from 0 to 1, in levels of 255.
    private struct Error {
        var largest = 0.0
        var rootMeanSquare = 0.0

        init(_ bytes: [UInt8], _ expected: Planes) {
            for y in 0..<expected.height {
                for x in 0..<expected.width {
                    for c in 0..<3 {
                        let value = min(max(expected[c, y, x], 0), 1) * 255
                        let error = abs(Double(bytes[(y * expected.width + x) * 3 + c]) - value)
                        largest = max(largest, error)
                        rootMeanSquare += error * error
                    }
                }
            }
            rootMeanSquare = (rootMeanSquare / Double(bytes.count)).squareRoot()
        }
    }

    @Test func `neither threads nor what was computed before change a picture`() throws {
        let folder = try network().imported()
        let picture = Picture.noise(width: 70, height: 41)
        let alone = try upscaler(folder, threads: 1).enlarge(picture.pixels, width: 70, height: 41, threads: 1)
        let several = try upscaler(folder, threads: 3)
        _ = several.enlarge(Picture.noise(width: 33, height: 90).pixels, width: 33, height: 90, threads: 3)
        for threads in [3, 1, 2] {
            #expect(several.enlarge(picture.pixels, width: 70, height: 41, threads: threads) == alone)
        }
    }

    private func engine(_ folder: TemporaryFolder, _ log: @escaping Log = { _, _ in }) async throws -> UpscalingEngine {
        try await UpscalingEngine(
            .init(
                folder: folder.path, capability: .imageVariation, modelDigest: "toy", threads: 2, maximumThreads: 2),
            log: log)
    }

    private func upscaled(_ picture: Picture, _ engine: UpscalingEngine) async throws -> Picture {
        try await PictureDecoder(maximumPixels: .max).decode(engine.upscale(picture.png).png)
    }

    private static let isHalf = !CPUFeatures.ofThisMachine().multipliesTiles
    private static let tiles: Comment = "the engine takes OpenVINO and bf16 on this processor"

    @Test(.enabled(if: isHalf, tiles))
    func `tiles make the same picture as the whole, but for a few last bits`() async throws {
        let folder = try network().imported()
        let picture = Picture.noise(width: 150, height: 91)
        let whole = try await upscaled(picture, engine(folder))
        for blend in [0, 6] {
            try folder.write("upscaler.json", "{\"scale\": 4, \"context\": 5, \"blend\": \(blend), \"tile\": 48}")
            let tiled = try await upscaled(picture, engine(folder))
            let differences = zip(tiled.pixels, whole.pixels).map { abs(Int($0) - Int($1)) }
            #expect(differences.max() ?? 0 <= 4)
            #expect(differences.count { $0 > 0 } < differences.count / 100)
        }
    }

    @Test func `the engine says what computes, by the machine and the settings`() async throws {
        let folder = try network().imported()
        let hasTiles = CPUFeatures.ofThisMachine().multipliesTiles
        #expect(try await engine(folder).description.engine == (hasTiles ? "OpenVINO \(Core.version)" : "dpais f16"))
        let exact = try await UpscalingEngine(
            .init(
                folder: folder.path, capability: .imageVariation, modelDigest: "toy", threads: 1, maximumThreads: 1,
                precision: .f32))
        #expect(exact.description.engine.hasPrefix("OpenVINO"))
    }

    @Test(.enabled(if: isHalf, tiles))
    func `a network whose numbers leave the range of 16 bits is computed in 32`() async throws {
        var network = ToyNetwork()
        network.layer("Convolution", ["data"], "a", "0=3 1=3 4=1 6=81")
        network.f32(Numbers.weights(81, seed: 41).map { $0 * 1e6 })
        network.layer("Convolution", ["a"], "b", "0=3 1=3 4=1 6=81")
        network.f32(Numbers.weights(81, seed: 42).map { $0 * 1e-6 })
        network.layer("Interp", ["b"], "output", "0=1 1=2.0 2=2.0")
        let folder = try network.imported()
        let picture = Picture.noise(width: 20, height: 10)
        let planes = Planes(3, 10, 20) { Double(picture.pixels[($1 * 20 + $2) * 3 + $0]) / 255 }
        let expected = try network.enlarge(planes)
        let result = try await upscaled(picture, engine(folder))
        #expect(Error(result.pixels, expected).largest < 0.6)
        let engine = try await engine(folder)
        #expect(engine.description.engine.hasPrefix("OpenVINO"))
    }

    @Test func `a network with a layer of another kind is left to its graph`() throws {
        var network = ToyNetwork()
        network.layer("Sigmoid", ["data"], "a")
        network.layer("Interp", ["a"], "output", "0=1 1=2.0 2=2.0")
        let folder = try network.imported()
        #expect(try Upscaler(folder: folder.path, scale: 2, team: ComputeTeam(threads: 1)) == nil)
        try folder.remove("layers.json")
        #expect(try Upscaler(folder: folder.path, scale: 2, team: ComputeTeam(threads: 1)) == nil)
    }

    @Test(arguments: [
        "{", "{\"steps\": 3}",
        // Tensors that nobody makes, results of the wrong size, weights that are not there.
        #"{"steps": [{"kind": "repeat", "inputs": [7], "output": 1, "channels": 3, "factor": 2}]}"#,
        #"{"steps": [{"kind": "repeat", "inputs": [0], "output": 1, "channels": 3, "factor": 3}]}"#,
        #"{"steps": [{"kind": "repeat", "inputs": [0], "output": 1, "channels": 4, "factor": 2}]}"#,
        #"{"steps": [{"kind": "repeat", "inputs": [], "output": 1, "channels": 3, "factor": 2}]}"#,
        #"{"steps": [{"kind": "convolution", "inputs": [0], "output": 1, "channels": 3, "weights": {"type": "f32", "offset": 1000000, "shape": [3, 3, 3, 3]}}]}"#,
        #"{"steps": [{"kind": "convolution", "inputs": [0], "output": 1, "channels": 3, "weights": {"type": "f32", "offset": -8, "shape": [3, 3, 3, 3]}}]}"#,
        #"{"steps": [{"kind": "sum", "inputs": [0, 0], "output": 1, "channels": 3, "factors": [1]}]}"#,
        // Addends of steps that have none, factors and scales without end.
        #"{"steps": [{"kind": "sum", "inputs": [0], "addend": 0, "output": 1, "channels": 3, "factors": [1, 1]}]}"#,
        #"{"steps": [{"kind": "repeat", "inputs": [], "addend": 0, "output": 1, "channels": 3, "factor": 2}]}"#,
        #"{"steps": [{"kind": "join", "inputs": [0], "addend": 0, "output": 1, "channels": 6}]}"#,
        #"{"steps": [{"kind": "shuffle", "inputs": [0], "output": 1, "channels": 3, "factor": 10000000000}]}"#,
        #"{"steps": [{"kind": "repeat", "inputs": [0], "output": 1, "channels": 3, "factor": 8}]}"#,
        #"{"steps": [{"kind": "repeat", "inputs": [0], "output": 1, "channels": 9223372036854775807, "factor": 2}]}"#,
        #"{"steps": [{"kind": "convolution", "inputs": [0], "output": 1, "channels": 3, "weights": {"type": "f32", "offset": 9223372036854775807, "shape": [3, 3, 3, 3]}}]}"#,
    ])
    func `a damaged plan is refused`(plan: String) throws {
        let folder = try network().imported()
        try folder.write("layers.json", plan)
        #expect(throws: InferenceError.self) {
            try Upscaler(folder: folder.path, scale: 2, team: ComputeTeam(threads: 1))
        }
    }
}
