import Foundation
import Inference
import OpenVINORuntime

/// A text encoder as an engine of vectors; the texts of all requests are computed together.
public final class TextEmbeddingEngine: Engine, EmbeddingEngine {
    public let description: EngineDescription

    private let reader: TextReader
    private let shape: VectorShape
    private let scheduler: EncodingScheduler

    /// Loads the encoder of a folder and runs it once.
    ///
    /// - Throws: ``Inference/InferenceError``: `unavailable` where a file is missing or cannot be read or the device is
    ///   not there, `unsupported` where the model is no text encoder.
    public init(_ configuration: OpenVINOEngine.Configuration, log: @escaping Log = { _, _ in }) async throws {
        // Reading and compiling block for as long as a second.
        let loading = try await InferenceLane("loading") {}
        let encoder = try await loading.run { _ in try Encoder(configuration, log: log) }
        reader = encoder.reader
        let network = encoder.network
        shape = VectorShape(dimensions: network.width, shortensVectors: configuration.shortensVectors)
        scheduler = EncodingScheduler(
            EncodingWork(
                padding: network.padding, lanes: network.lanes, hasWideLane: network.hasWideLane,
                requestLimit: configuration.requestLimit, width: network.width, maximumRows: network.maximumRows))
        description = EngineDescription(
            capabilities: [.embeddings], engine: network.name, device: network.device,
            fingerprint: encoder.fingerprint, contextLength: network.maximumLength,
            parallelRequests: configuration.requestLimit)
        do {
            for number in 0..<network.lanes { try await start(.narrow(number), network, log) }
            if network.hasWideLane { try await start(.wide, network, log) }
            scheduler.setThreads(configuration.threads)
            // Reads the weights in, and tells at once where the graph cannot run.
            _ = try await embed(EmbeddingRequest(inputs: [.text("A first text.")], truncation: .end))
        } catch {
            await scheduler.stop()
            throw error
        }
    }

    private func start(
        _ lane: EncodingWork.Lane, _ network: any EncoderNetwork, _ log: @escaping Log
    ) async throws {
        try await scheduler.start(lane) {
            let run = try network.makeRun(for: lane)
            return { batch throws(InferenceError) in
                do {
                    return try run(batch)
                } catch {
                    log(.error, "\(error)")
                    throw InferenceError(.internal, "The engine could not compute this text; its log says why.")
                }
            }
        }
    }

    public func embed(_ request: EmbeddingRequest) async throws -> Embeddings {
        let dimensions = try shape.dimensions(asked: request.dimensions)
        let texts = try await reader.tokens(of: request)
        let vectors = try await scheduler.vectors(of: texts)
        return Embeddings(
            values: try shape.unitVectors(vectors, dimensions: dimensions), dimensions: dimensions,
            promptTokens: texts.reduce(0) { $0 + $1.count })
    }

    public func statistics() async -> EngineStatistics { scheduler.statistics }

    public func setThreads(_ count: Int) async { scheduler.setThreads(count) }

    public func shutDown() async { await scheduler.stop() }
}
