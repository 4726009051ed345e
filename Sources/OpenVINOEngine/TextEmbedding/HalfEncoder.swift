import HalfNetworks
import Inference
import OpenVINORuntime
import SystemSupport

/// An encoder that is computed in binary16, on CPUs that do so faster than anything else. Batches of which a number leaves
/// the range of binary16 are computed by its graph.
struct HalfEncoder: EncoderNetwork {
    private let encoder: TextEncoder
    private let pooling: Pooling
    /// Of the wide lane, the only one that uses it; `nil` with one thread.
    private let team: ComputeTeam?
    private let graph: EncoderGraphWhenNeeded
    let lanes: Int
    let maximumLength: Int

    /// - Returns: `nil` where the model is none that is computed so, or the machine or the settings ask for other numbers.
    /// - Throws: ``Inference/InferenceError``.
    init?(
        _ configuration: OpenVINOEngine.Configuration, _ settings: EncoderSettings, _ log: @escaping Log
    ) throws(InferenceError) {
        guard configuration.computesInHalf, let encoder = try TextEncoder(folder: configuration.folder) else {
            return nil
        }
        self.encoder = encoder
        pooling = settings.pooling
        lanes = configuration.maximumThreads
        team = lanes > 1 ? ComputeTeam(threads: lanes) : nil
        maximumLength = min(encoder.maximumLength, settings.maximumLength)
        graph = EncoderGraphWhenNeeded(configuration, settings, log)
    }

    var name: String { HalfArithmetic.name }
    var device: String { "cpu" }
    var precision: String { "f16" }
    var width: Int { encoder.width }
    var vocabularySize: Int? { encoder.vocabularySize }
    var maximumRows: Int { .max }
    var padding: EmbeddingQueue.Padding { .none }
    var hasWideLane: Bool { team != nil }

    func makeRun(for lane: EncodingWork.Lane) throws -> (EncodingWork.Batch) throws -> [Float] {
        let workspace = EncoderWorkspace()
        let (team, threads) = lane == .wide ? (team, lanes) : (nil, 1)
        return { [encoder, pooling, graph] batch in
            guard let states = encoder.states(of: batch.texts, in: workspace, team: team, threads: threads) else {
                return try graph.vectors(of: batch.texts)
            }
            return pooled(states, of: batch.texts, width: encoder.width, by: pooling)
        }
    }
}

/// - Parameter states: shape [all tokens, width], text after text.
private func pooled(_ states: [Float], of texts: [[Int32]], width: Int, by pooling: Pooling) -> [Float] {
    [Float](unsafeUninitializedCapacity: texts.count * width) { vectors, count in
        states.withUnsafeBufferPointer { states in
            var start = 0
            for (row, text) in texts.enumerated() {
                let end = start + text.count * width
                pooling.pool(
                    UnsafeBufferPointer(rebasing: states[start..<end]),
                    into: UnsafeMutableBufferPointer(rebasing: vectors[row * width..<(row + 1) * width]))
                start = end
            }
        }
        count = texts.count * width
    }
}

/// An encoder's graph, made at the first batch that asks for it. Lanes take turns.
private final class EncoderGraphWhenNeeded: Sendable {
    private let configuration: OpenVINOEngine.Configuration
    private let settings: EncoderSettings
    private let log: Log
    private let run = Locked<Run?>(nil)

    /// Used by one lane at a time, within the lock.
    private struct Run: @unchecked Sendable {
        let vector: ([Int32]) throws -> [Float]
    }

    init(_ configuration: OpenVINOEngine.Configuration, _ settings: EncoderSettings, _ log: @escaping Log) {
        self.configuration = configuration
        self.settings = settings
        self.log = log
    }

    /// Texts of a batch are of any length: the graph, which pads, is given one at a time.
    func vectors(of texts: [[Int32]]) throws -> [Float] {
        try run.withLock { run in
            let made = try run ?? make()
            run = made
            return try texts.flatMap { try made.vector($0) }
        }
    }

    private func make() throws -> Run {
        log(.warning, "Numbers of this model leave the range of 16 bits; texts where they do are computed in 32.")
        return Run(vector: try EncoderGraph(configuration, settings).makeRunOfSingleTexts())
    }
}
