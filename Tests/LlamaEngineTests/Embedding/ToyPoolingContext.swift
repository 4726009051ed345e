import Inference
import LlamaEngine
import Testing

/// A context whose vectors tell which text they are of.
final class ToyPoolingContext: PoolingContext {
    struct Shape: Sendable {
        var tokenBudget = 32
        var textCapacity = 8
    }

    static let width = 3

    let tokenBudget: Int
    let textCapacity: Int
    let dimensions = ToyPoolingContext.width
    private let probe: ToyProbe

    init(_ shape: Shape, _ probe: ToyProbe) {
        tokenBudget = shape.tokenBudget
        textCapacity = shape.textCapacity
        self.probe = probe
    }

    /// Length, sum and first token.
    static func vector(of text: [Int32]) -> [Float] {
        [Float(text.count), Float(text.reduce(0, +)), Float(text[0])]
    }

    func pool(_ texts: [[Int32]], into vectors: inout [Float]) throws(InferenceError) {
        let tokens = texts.map(\.count).reduce(0, +)
        probe.expect((1...textCapacity).contains(texts.count), "\(texts.count) texts")
        probe.expect(!texts.contains(where: \.isEmpty), "a text without tokens")
        probe.expect(texts.count == 1 || tokens <= tokenBudget, "\(texts.count) texts of \(tokens) tokens")
        probe.expect(vectors.count >= texts.count * dimensions, "room for \(vectors.count) numbers")
        let advanced = texts.map { ToyStep.Advanced(prompt: $0[0], tokens: $0.count, length: $0.count) }
        if probe.entered(ToyStep(advanced: advanced, wasFull: false)) == .fail {
            throw InferenceError(.internal, "The toy was told to fail.")
        }
        for (row, text) in texts.enumerated() {
            vectors.replaceSubrange(row * dimensions..<(row + 1) * dimensions, with: Self.vector(of: text))
        }
    }

    func setThreads(_ count: Int) { probe.setThreads(count) }
}

/// An embedding scheduler on a toy context, for the length of a test.
struct ToyEmbedding: Sendable {
    let scheduler: EmbeddingScheduler
    let probe: ToyProbe

    /// Starts a scheduler, stops it when the body has ended, and checks that its context had nothing to complain of.
    static func run<Result>(
        _ shape: ToyPoolingContext.Shape = .init(), requestLimit: Int = 1_000, isHeld: Bool = false,
        _ body: (ToyEmbedding) async throws -> Result
    ) async throws -> Result {
        let toy = ToyEmbedding(
            scheduler: EmbeddingScheduler(requestLimit: requestLimit), probe: ToyProbe(isHeld: isHeld))
        try await toy.scheduler.start(threads: 2) { [probe = toy.probe] in ToyPoolingContext(shape, probe) }
        do {
            let result = try await body(toy)
            await toy.end()
            return result
        } catch {
            await toy.end()
            throw error
        }
    }

    private func end() async {
        probe.release()
        await scheduler.stop()
        #expect(probe.violations.isEmpty)
    }

    /// What a request's vectors should be, row after row.
    static func vectors(of texts: [[Int32]]) -> [Float] { texts.flatMap(ToyPoolingContext.vector) }

    /// A text of so many tokens that begins with one of its own.
    static func text(_ first: Int32, length: Int) -> [Int32] {
        [first] + Array(repeating: 7, count: length - 1)
    }
}
