import Inference
import Media
import OpenVINOEngine
import OpenVINORuntime
import Synchronization
import TestSupport
import Testing

/// The engine around a network that repeats pixels, so that the whole picture's result is known.
@Suite(.hangGuard) struct UpscalingEngineTests {
    private let settings = UpscalerSettings(scale: 2, context: 2, blend: 3, tile: 48)

    private func engine(
        _ network: GatedNetwork = GatedNetwork(scale: 2, isOpen: true), parallel: Int = 4, limit: Int = 8,
        log: @escaping Log = { _, _ in }
    ) async throws -> UpscalingEngine {
        try await UpscalingEngine(
            network, settings: settings,
            configuration: .init(
                folder: "", capability: .imageVariation, modelDigest: "toy", threads: 2, maximumThreads: 4,
                requestLimit: limit),
            parallel: parallel, log: log)
    }

    private func decoded(_ picture: UpscaledPicture) throws -> Picture {
        try PictureDecoder(maximumPixels: .max).decode(picture.png)
    }

    // MARK: Pictures

    @Test(arguments: [(1, 1), (1, 300), (300, 1), (48, 48), (49, 48), (131, 97)])
    func `a picture of any size comes out enlarged`(width: Int, height: Int) async throws {
        let picture = Picture.noise(width: width, height: height)
        let result = try await engine().upscale(picture.png)
        #expect((result.width, result.height) == (2 * width, 2 * height))
        #expect(try decoded(result) == picture.repeated(2))
    }

    @Test func `alpha is kept, enlarged by bicubic interpolation`() async throws {
        let picture = Picture.noise(width: 101, height: 77, channels: .rgba)
        let result = try await decoded(engine().upscale(picture.png))
        let (colours, alpha) = picture.separatedAlpha
        #expect(result.channels == .rgba)
        #expect(result.separatedAlpha.colours == colours.repeated(2))
        #expect(result.separatedAlpha.alpha == alpha?.resized(width: 202, height: 154))
    }

    @Test(
        arguments: [[], [0xFF, 0xD8, 0xFF, 0xE0], Array("GIF89a and more".utf8), Array("just text".utf8)] as [[UInt8]])
    func `a file that is no picture is the caller's fault`(file: [UInt8]) async throws {
        let engine = try await engine()
        let error = await #expect(throws: InferenceError.self) { try await engine.upscale(file) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "image")
        #expect(error?.message.hasPrefix("This picture cannot be read: ") == true)
        #expect(await engine.statistics().failedRequests == 1)
    }

    @Test(arguments: [(4097, 4096), (16_385, 1)]) func `a picture that is too large is refused`(
        width: Int, height: Int
    ) async throws {
        var writer = PNGWriter(width: width, height: height, channels: .rgb)
        for _ in 0..<height { writer.write(rows: [UInt8](repeating: 0, count: 3 * width)) }
        let file = writer.finish()
        let engine = try await engine()
        let error = await #expect(throws: InferenceError.self) { try await engine.upscale(file) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message.contains("\(width) × \(height)") == true)
    }

    // MARK: Turns

    @Test func `pictures take turns by tile`() async throws {
        let network = GatedNetwork(scale: 2)
        let engine = try await engine(network)
        let (large, small) = (Picture.noise(width: 400, height: 40), Picture.noise(width: 9, height: 9))
        async let first = engine.upscale(large.png)
        await network.waits(for: 1)
        async let second = engine.upscale(small.png)
        await network.waits(for: 2)
        // The large picture has one tile in the queue, not all of them: the small one's comes right behind it.
        #expect(network.widths.count == 2)
        #expect(network.widths.last == 9)
        network.open()
        #expect(try await decoded(second) == small.repeated(2))
        #expect(try await decoded(first) == large.repeated(2))
    }

    @Test func `further pictures wait, and beyond the limit they are refused`() async throws {
        let network = GatedNetwork(scale: 2)
        let engine = try await engine(network, parallel: 1, limit: 2)
        let file = Picture.noise(width: 5, height: 5).png
        async let first = engine.upscale(file)
        await network.waits(for: 1)
        async let second = engine.upscale(file)
        try await eventually("a picture waits") { await engine.statistics().queued == 1 }
        let error = await #expect(throws: InferenceError.self) { try await engine.upscale(file) }
        #expect(error?.kind == .overloaded)
        #expect(error?.retryAfterSeconds != nil)
        network.open()
        _ = try await (first, second)
        let statistics = await engine.statistics()
        #expect((statistics.running, statistics.queued) == (0, 0))
        #expect((statistics.completedRequests, statistics.failedRequests, statistics.steps) == (2, 0, 2))
    }

    // MARK: Ends

    @Test func `a cancelled picture ends after the tile in hand`() async throws {
        let network = GatedNetwork(scale: 2)
        let engine = try await engine(network)
        let file = Picture.noise(width: 400, height: 200).png
        let task = Task { try await engine.upscale(file) }
        await network.waits(for: 1)
        task.cancel()
        network.letOneGo()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(network.widths.isEmpty)
        let statistics = await engine.statistics()
        #expect((statistics.cancelledRequests, statistics.running) == (1, 0))
    }

    @Test func `a cancelled picture leaves the queue`() async throws {
        let network = GatedNetwork(scale: 2)
        let engine = try await engine(network, parallel: 1)
        let file = Picture.noise(width: 5, height: 5).png
        async let first = engine.upscale(file)
        await network.waits(for: 1)
        let waiting = Task { try await engine.upscale(file) }
        try await eventually("a picture waits") { await engine.statistics().queued == 1 }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(await engine.statistics().queued == 0)
        network.open()
        _ = try await first
    }

    @Test func `shutting down fails what runs and what waits`() async throws {
        let network = GatedNetwork(scale: 2)
        let engine = try await engine(network, parallel: 1)
        let file = Picture.noise(width: 400, height: 200).png
        let tasks = (0..<2).map { _ in Task { try await engine.upscale(file) } }
        await network.waits(for: 1)
        try await eventually("a picture waits") { await engine.statistics().queued == 1 }
        let stopping = Task { await engine.shutDown() }
        try await eventually("none waits any more") { await engine.statistics().queued == 0 }
        network.open()
        for task in tasks {
            let error = await #expect(throws: InferenceError.self) { try await task.value }
            #expect(error?.kind == .unavailable)
        }
        await stopping.value
        let error = await #expect(throws: InferenceError.self) { try await engine.upscale(file) }
        #expect(error?.kind == .unavailable)
    }

    @Test func `threads are bounded`() async throws {
        let network = GatedNetwork(scale: 2, isOpen: true)
        let engine = try await engine(network)
        #expect(await engine.statistics().threads == 2)
        for count in [3, 0, 100] { await engine.setThreads(count) }
        #expect(network.threads == [3, 1, 4])
        #expect(await engine.statistics().threads == 4)
    }

    @Test func `progress is told now and then, with the time that is left`() {
        let begun = ContinuousClock.now
        var progress = UpscalingProgress(width: 640, height: 480, tiles: 4, now: begun)
        #expect(progress.advance(now: begun + .seconds(4)) == nil)
        #expect(
            progress.advance(now: begun + .seconds(8))
                == "upscaling 640 × 480: 2 of 4 tiles in 8 s, about 8 s left")
        #expect(progress.advance(now: begun + .seconds(12)) == nil)
        #expect(progress.advance(now: begun + .seconds(13)) == "upscaling 640 × 480: 4 of 4 tiles in 13 s")
    }
}
