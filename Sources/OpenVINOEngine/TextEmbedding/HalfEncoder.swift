import HalfNetworks
import Inference
import OpenVINORuntime

/// An encoder that is computed in binary16, on CPUs that do so faster than anything else.
struct HalfEncoder: EncoderNetwork {
    private let encoder: TextEncoder
    private let pooling: Pooling
    /// Of the wide lane, the only one that uses it; `nil` with one thread.
    private let team: ComputeTeam?
    let lanes: Int
    let maximumLength: Int

    /// - Returns: `nil` where the model is none that is computed so, or the machine or the settings ask for other numbers.
    /// - Throws: ``Inference/InferenceError``.
    init?(
        _ configuration: OpenVINOEngine.Configuration, _ settings: EncoderSettings
    ) throws(InferenceError) {
        guard configuration.computesInHalf, let encoder = try TextEncoder(folder: configuration.folder) else {
            return nil
        }
        self.encoder = encoder
        pooling = settings.pooling
        lanes = configuration.maximumThreads
        team = lanes > 1 ? ComputeTeam(threads: lanes) : nil
        maximumLength = min(encoder.maximumLength, settings.maximumLength)
        // A model whose numbers leave the range of binary16 shows it with any text.
        let text = [0, Int32(clamping: encoder.vocabularySize / 2)]
        guard maximumLength >= text.count,
            encoder.states(of: [text], in: EncoderWorkspace()).allSatisfy(\.isFinite)
        else { return nil }
    }

    var name: String { HalfArithmetic.name }
    var precision: String { "f16" }
    var width: Int { encoder.width }
    var vocabularySize: Int? { encoder.vocabularySize }
    var maximumRows: Int { .max }
    var padding: EmbeddingQueue.Padding { .none }
    var hasWideLane: Bool { team != nil }

    func makeRun(for lane: EncodingWork.Lane) throws -> (EncodingWork.Batch) throws -> [Float] {
        let workspace = EncoderWorkspace()
        let (team, threads) = lane == .wide ? (team, lanes) : (nil, 1)
        return { [encoder, pooling] batch in
            let states = encoder.states(of: batch.texts, in: workspace, team: team, threads: threads)
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
