import Inference
import ModelStore
import Performance

/// Texts to embed in one request, and by models that see pictures in another.
struct EmbeddingWork: PerformanceWork {
    private static let texts = 64
    private static let pictures = 16

    let service: any ModelService
    let model: InstalledModel
    let result = "Embeddings performance measured."

    func description(_ size: WorkSize) -> String {
        let texts = "\(Self.texts) texts of \(Self.wordsOfText(size)) words"
        guard size.hasPictures else { return texts }
        return texts + ", then \(Self.pictures) pictures of \(WorkPicture.side) × \(WorkPicture.side) pixels"
    }

    private static func wordsOfText(_ size: WorkSize) -> Int { max(1, size.words / 4) }

    func warmUp(_ size: WorkSize) async throws -> WorkSize {
        var size = size
        size.hasPictures = false
        _ = try await perform(0, size: size)
        do {
            try await embedPictures()
            size.hasPictures = true
        } catch let error as InferenceError where error.kind == .invalidRequest || error.kind == .unsupported {
            // The model reads texts alone.
        }
        return size
    }

    func perform(_ trial: Int, size: WorkSize) async throws -> WorkResult {
        let texts = (0..<Self.texts).map { index in
            EmbeddingRequest.Input.text(WorkText.text(Self.wordsOfText(size), from: trial + 2 * index))
        }
        let start = ContinuousClock.now
        let vectors = try await service.embed(EmbeddingRequest(inputs: texts), with: model, traceparent: nil)
        let seconds = start.secondsSince
        var result = WorkResult(
            seconds: seconds,
            metrics: [
                .textsPerSecond: Double(Self.texts) / max(seconds, .leastNonzeroMagnitude),
                .promptTokens: Double(vectors.promptTokens),
            ])
        if size.hasPictures {
            let start = ContinuousClock.now
            try await embedPictures()
            let seconds = start.secondsSince
            result.seconds += seconds
            result.metrics[.imagesPerSecond] = Double(Self.pictures) / max(seconds, .leastNonzeroMagnitude)
        }
        return result
    }

    private func embedPictures() async throws {
        let pictures = Array(repeating: EmbeddingRequest.Input.image(WorkPicture.png), count: Self.pictures)
        _ = try await service.embed(EmbeddingRequest(inputs: pictures), with: model, traceparent: nil)
    }
}
