import Foundation
import Inference
import Media
import OpenVINOEngine
import OpenVINORuntime
import TestSupport
import Testing

/// The engine as it is loaded from a folder, on small networks that the import has made.
@Suite struct OpenVINOUpscalingTests {
    /// Two convolutions and an enlargement, as in Real-ESRGAN's small networks.
    private func network() -> ToyNetwork {
        let (first, second) = (Numbers.weights(8 * 27, seed: 21), Numbers.weights(12 * 72, seed: 22))
        var network = ToyNetwork()
        network.split("data", ["a", "b"])
        network.layer("Convolution", ["a"], "c", "0=8 1=3 4=1 5=1 6=216 9=2 -23310=1,0.2")
        network.f16(first)
        network.plain(Numbers.weights(8, seed: 23))
        network.layer("Convolution", ["c"], "d", "0=12 1=3 4=1 6=864")
        network.f16(second.map { $0 / 16 })
        network.layer("PixelShuffle", ["d"], "e", "0=2")
        network.layer("Interp", ["b"], "f", "0=1 1=2.0 2=2.0")
        network.layer("BinaryOp", ["e", "f"], "output", "0=0")
        return network
    }

    private func engine(_ folder: TemporaryFolder, threads: Int = 1) async throws -> UpscalingEngine {
        try await UpscalingEngine(
            .init(
                folder: folder.path, capability: .imageVariation, modelDigest: "toy", threads: threads,
                maximumThreads: 2, precision: .f32))
    }

    private func upscaled(_ picture: Picture, _ engine: UpscalingEngine) async throws -> Picture {
        try await PictureDecoder(maximumPixels: .max).decode(engine.upscale(picture.png).png)
    }

    /// How far two pictures of one size are apart: kernels for other sizes or threads may add numbers up in another order,
    /// whose last bit decides where a number is rounded to a byte.
    private func expectSame(_ one: Picture, _ other: Picture) throws {
        try #require(one.pixels.count == other.pixels.count)
        let differences = zip(one.pixels, other.pixels).map { abs(Int($0) - Int($1)) }
        #expect(differences.max() ?? 0 <= 1)
        #expect(differences.count { $0 > 0 } <= differences.count / 1_000)
    }

    @Test func `the engine's picture is the network's, rounded`() async throws {
        let network = network()
        let picture = Picture.noise(width: 19, height: 11)
        let planes = Planes(3, 11, 19) { c, y, x in Double(picture.pixels[(y * 19 + x) * 3 + c]) / 255 }
        let expected = try network.enlarge(planes)
        let result = try await upscaled(picture, engine(network.imported()))
        for y in 0..<22 {
            for x in 0..<38 {
                for c in 0..<3 {
                    let value = min(max(expected[c, y, x], 0), 1) * 255
                    // Half a level, and the error of sums of some hundred numbers of 24 bits.
                    #expect(abs(Double(result.pixels[(y * 38 + x) * 3 + c]) - value) < 0.51)
                }
            }
        }
    }

    @Test func `tiles make the same picture as the whole`() async throws {
        let folder = try network().imported()
        let picture = Picture.noise(width: 150, height: 90)
        let whole = try await upscaled(picture, engine(folder))
        try folder.write("upscaler.json", "{\"scale\": 2, \"context\": 2, \"blend\": 0, \"tile\": 40}")
        try await expectSame(upscaled(picture, engine(folder)), whole)
        try folder.write("upscaler.json", "{\"scale\": 2, \"context\": 2, \"blend\": 6, \"tile\": 40}")
        try await expectSame(upscaled(picture, engine(folder)), whole)
    }

    @Test func `another number of threads gives the same picture`() async throws {
        let engine = try await engine(network().imported())
        let picture = Picture.noise(width: 30, height: 30)
        let before = try await upscaled(picture, engine)
        await engine.setThreads(2)
        try await expectSame(upscaled(picture, engine), before)
    }

    @Test func `numbers that are none do not bring the engine down`() async throws {
        var network = ToyNetwork()
        network.layer("BinaryOp", ["data"], "a", "0=3 1=1 2=0.0")
        network.layer("Interp", ["a"], "output", "0=1 1=2.0 2=2.0")
        // Black divided by 0 is no number, everything else infinite.
        let picture = Picture(width: 2, height: 1, channels: .rgb, pixels: [0, 0, 0, 9, 9, 9])
        let result = try await upscaled(picture, engine(network.imported()))
        #expect(Set(result.pixels).isSubset(of: [0, 255]))
    }

    @Test(arguments: [
        "", "{}", "{\"scale\": 4}", "{\"scale\": 0, \"context\": 2, \"blend\": 0, \"tile\": 64}",
        "{\"scale\": 2, \"context\": 40, \"blend\": 0, \"tile\": 64}",
        "{\"scale\": 2, \"context\": -1, \"blend\": 0, \"tile\": 64}",
        "{\"scale\": 2, \"context\": 1, \"blend\": 0, \"tile\": 1000000}",
    ]) func `settings that make no sense are refused`(settings: String) async throws {
        let folder = try network().imported()
        try folder.write("upscaler.json", settings)
        let error = await #expect(throws: InferenceError.self) { try await engine(folder) }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains(folder.path) == false)
    }

    @Test func `a model whose scale is not what its settings say is refused`() async throws {
        let folder = try network().imported()
        try folder.write("upscaler.json", "{\"scale\": 4, \"context\": 2, \"blend\": 0, \"tile\": 64}")
        await #expect(throws: InferenceError.self) { try await engine(folder) }
    }

    @Test func `a damaged graph is refused without a word of the machine`() async throws {
        let folder = try network().imported()
        try folder.write("model.xml", "<net>")
        let error = await #expect(throws: InferenceError.self) { try await engine(folder) }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("/") == false)
    }
}
