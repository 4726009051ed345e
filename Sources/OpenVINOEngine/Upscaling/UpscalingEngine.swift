import Inference
import Media
import OpenVINORuntime

/// Real-ESRGAN and its like as an engine: pictures enlarged by a fixed factor, tile by tile.
///
/// A picture up to the size of a tile is computed whole. Larger ones are cut into windows that overlap, so far that what
/// was cut off hardly matters, and blended where they meet (``TileLine``). At the picture's own borders the network pads
/// with zeros, as the authors' Python program does for whole pictures, and ncnn.
///
/// Pictures take turns by tile, so a small one is done after a tile or two of each that is worked on. In memory are a
/// picture's own pixels, one row of tiles, and the PNG file as far as it is written.
public final class UpscalingEngine: Engine, ImageUpscalingEngine {
    public let description: EngineDescription

    private let settings: UpscalerSettings
    private let network: any TileNetwork
    private let queue: RequestLine
    /// Decodes files.
    private let reading: InferenceLane<Void>
    private let maximumThreads: Int
    private let log: Log
    private let clock = ContinuousClock()

    /// Loads the network of a folder and runs it once.
    ///
    /// - Throws: ``Inference/InferenceError``: `unavailable` where a file is missing or cannot be read or the device is
    ///   not there, `unsupported` where the model does not enlarge pictures.
    public convenience init(
        _ configuration: OpenVINOEngine.Configuration, log: @escaping Log = { _, _ in }
    ) async throws {
        let settings = try UpscalerSettings(folder: configuration.folder)
        let graph: @Sendable () async throws -> any TileNetwork = {
            try await OpenVINOTileNetwork(configuration, scale: settings.scale, log: log)
        }
        let half = try await HalfTileNetwork(configuration, scale: settings.scale, log: log, graph: graph)
        let network = if let half { half as any TileNetwork } else { try await graph() }
        // Compiles the network, and tells at once where it cannot run.
        _ = try await network.enlarge(Self.firstPicture)
        try await self.init(network, settings: settings, configuration: configuration, log: log)
    }

    /// - Parameter parallel: pictures that are worked on side by side; further ones wait.
    package init(
        _ network: any TileNetwork, settings: UpscalerSettings, configuration: OpenVINOEngine.Configuration,
        parallel: Int = UpscalingLimits.pictures, log: @escaping Log = { _, _ in }
    ) async throws {
        self.settings = settings
        self.network = network
        queue = RequestLine(
            parallel: parallel, limit: configuration.requestLimit, work: "pictures are being upscaled")
        reading = try await InferenceLane("reading pictures") {}
        maximumThreads = configuration.maximumThreads
        self.log = log
        description = EngineDescription(
            capabilities: [.imageVariation], engine: network.name, device: network.device,
            fingerprint: Fingerprint.of(
                configuration.modelDigest, network.name, configuration.device.name, configuration.precision.rawValue,
                "\(settings)"),
            contextLength: nil, parallelRequests: parallel)
        queue.setThreads(configuration.threads)
    }

    private static let firstPicture = Picture(
        width: 16, height: 16, channels: .rgb, pixels: [UInt8](repeating: 128, count: 16 * 16 * 3))

    // MARK: Engine

    public func statistics() async -> EngineStatistics { queue.statistics }

    public func setThreads(_ count: Int) async {
        let threads = min(max(1, count), maximumThreads)
        network.setThreads(threads)
        queue.setThreads(threads)
    }

    public func shutDown() async {
        queue.stop()
        await queue.drain()
    }

    // MARK: ImageUpscalingEngine

    public func upscale(_ picture: [UInt8]) async throws -> UpscaledPicture {
        try await queue.run { place in
            let source = try await reading.run { [settings] _ in
                try Task.checkCancellation()
                return try SourcePicture(file: picture, settings: settings)
            }
            let assembly = try await InferenceLane("writing a picture") { [settings] in
                PictureAssembly(source, scale: settings.scale)
            }
            try await enlarge(source, into: assembly, at: place)
            let file = await assembly.run { $0.finish() }
            return UpscaledPicture(
                png: file, width: source.width * settings.scale, height: source.height * settings.scale)
        }
    }

    /// Computes the tiles one by one; while one is computed, the one before is put in its place.
    private func enlarge(
        _ source: SourcePicture, into assembly: InferenceLane<PictureAssembly>, at turn: RequestLine.Place
    ) async throws {
        let places = source.grid.places
        var progress = UpscalingProgress(
            width: source.width, height: source.height, tiles: places.count, now: clock.now)
        var done: (tile: Picture, place: TileGrid.Place)?
        for place in places {
            try Task.checkCancellation()
            async let computed = network.enlarge(source.window(at: place))
            if let done { await assembly.run { $0.place(done.tile, at: done.place, threads: 1) } }
            done = (try await computed, place)
            try turn.countStep()
            if let line = progress.advance(now: clock.now) { log(.info, line) }
        }
        // The network's threads have nothing more to do for this picture.
        let threads = queue.statistics.threads
        if let done { await assembly.run { $0.place(done.tile, at: done.place, threads: threads) } }
    }
}
