import Foundation
import Inference
import OpenVINORuntime

/// A text encoder on OpenVINO as an engine of vectors; the texts of all requests are computed together.
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
        shape = VectorShape(dimensions: encoder.ports.width, shortensVectors: configuration.shortensVectors)
        scheduler = EncodingScheduler(
            EncodingWork(
                padding: encoder.padding, lanes: encoder.lanes, hasWideLane: encoder.wide != nil,
                requestLimit: configuration.requestLimit, width: encoder.ports.width,
                maximumRows: encoder.ports.rows ?? .max))
        description = EngineDescription(
            capabilities: [.embeddings], engine: "OpenVINO \(Core.version)", fingerprint: encoder.fingerprint,
            contextLength: encoder.maximumLength, parallelRequests: configuration.requestLimit)
        do {
            for number in 0..<encoder.lanes { try await start(.narrow(number), encoder.narrow, encoder, log) }
            if let wide = encoder.wide { try await start(.wide, wide, encoder, log) }
            scheduler.setThreads(configuration.threads)
            // Reads the weights in, and tells at once where the graph cannot run.
            _ = try await embed(EmbeddingRequest(inputs: [.text("A first text.")], truncation: .end))
        } catch {
            await scheduler.stop()
            throw error
        }
    }

    private func start(
        _ lane: EncodingWork.Lane, _ model: CompiledModel, _ encoder: Encoder, _ log: @escaping Log
    ) async throws {
        try await scheduler.start(lane) {
            let run = try encoder.makeRun(model)
            return { batch throws(InferenceError) in
                do {
                    return try run.vectors(of: batch.texts, rowLength: batch.batch.rowLength)
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
