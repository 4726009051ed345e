import Inference
import ModelStore
import RunnerProtocol

/// The way from an embedding request that has been checked to its vectors, the same for every endpoint that embeds.
struct EmbeddingRun: Sendable {
    let service: any EmbeddingService
    let model: InstalledModel
    let context: APIContext

    /// One vector for each input. The client's departure ends the work.
    ///
    /// - Parameters:
    ///   - pictures: those of the request, which are checked before a process is started.
    ///   - field: the endpoint's name of an input, given as ``Inference/EmbeddingEngine`` names it.
    /// - Throws: what is wrong with the pictures; then ``InferenceError``.
    func embed(
        _ request: EmbeddingRequest, pictures: [SentPicture], field: (String) -> String
    ) async throws -> Embeddings {
        if !pictures.isEmpty { _ = try await offLoop { try pictures.check(within: .embedding) } }
        let departure = await context.channel.clientDeparture()
        let embeddings: Embeddings
        do {
            embeddings = try await departure.cancelling { [service, model, trace = context.trace.traceparent] in
                try await service.embed(request, with: model, traceparent: trace)
            }
        } catch let error as InferenceError {
            throw error.naming(field)
        }
        // JSON has no number that is none, and a reader could not tell which vectors are whose.
        guard embeddings.values.count == embeddings.dimensions * request.inputs.count,
            embeddings.values.allSatisfy(\.isFinite)
        else {
            throw InferenceError(.internal, "The model gave vectors that are not what they have to be.")
        }
        context.record.note {
            $0.usage = TokenUsage(
                promptTokens: embeddings.promptTokens, cachedPromptTokens: 0, completionTokens: 0)
        }
        return embeddings
    }
}

extension Embeddings {
    /// The vector of each input, in order.
    var vectors: some Sequence<ArraySlice<Float>> {
        stride(from: 0, to: values.count, by: max(1, dimensions)).lazy.map { values[$0..<($0 + dimensions)] }
    }
}
