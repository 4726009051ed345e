import CLlama
import Inference

/// A context whose evaluations give a vector for each sequence, pooled by llama.cpp.
final class LlamaPoolingContext: PoolingContext {
    let tokenBudget: Int
    let textCapacity: Int
    let dimensions: Int

    private let handle: ContextHandle
    private let traits: PoolingTraits
    private let batchCapacity: Int
    private let half: ContextHandle.Half
    private var batch = TokenBatch()

    /// - Throws: ``InferenceError`` of kind `unavailable` where there is not enough memory.
    init(_ model: LlamaModel, traits: PoolingTraits, plan: PoolingPlan, threads: Int, maximumThreads: Int) throws {
        var parameters = llama_context_default_params()
        parameters.embeddings = true
        parameters.pooling_type = traits.pooling.inLibrary
        parameters.n_ctx = UInt32(max(plan.contextLength, plan.batchCapacity))
        parameters.n_batch = UInt32(plan.batchCapacity)
        // A text that is to be pooled must not be cut by the library.
        parameters.n_ubatch = UInt32(plan.batchCapacity)
        parameters.n_seq_max = UInt32(plan.textCapacity)
        parameters.n_threads = Int32(threads)
        parameters.n_threads_batch = Int32(threads)
        // Sequences of different lengths in one evaluation.
        parameters.kv_unified = true
        parameters.no_perf = true
        handle = try ContextHandle(model, parameters, maximumThreads: maximumThreads)
        self.traits = traits
        batchCapacity = plan.batchCapacity
        half = model.hasEncoder ? .encoder : .decoder
        tokenBudget = plan.tokenBudget
        textCapacity = plan.textCapacity
        dimensions = Int(llama_model_n_embd_out(model.pointer))
    }

    func pool(_ texts: [[Int32]], into vectors: inout [Float]) throws(InferenceError) {
        if let memory = handle.memory { llama_memory_clear(memory, false) }
        if let text = texts.first, text.count > batchCapacity { return try poolPieces(of: text, into: &vectors) }
        batch.removeAll()
        for (sequence, text) in texts.enumerated() { append(text[...], to: sequence) }
        try evaluate()
        for row in texts.indices {
            let vector = try pooled(row)
            vectors.replaceSubrange(row * dimensions..<(row + 1) * dimensions, with: vector)
        }
    }

    /// Evaluates a text piece by piece, each of which sees the ones before it in the cache.
    private func poolPieces(of text: [Int32], into vectors: inout [Float]) throws(InferenceError) {
        precondition(!traits.isBidirectional, "only a text that looks back alone can be cut")
        var pieces = PooledPieces(traits.pooling, textLength: text.count, dimensions: dimensions)
        for start in stride(from: 0, to: text.count, by: batchCapacity) {
            let piece = text[start..<min(start + batchCapacity, text.count)]
            batch.removeAll()
            append(piece, to: 0)
            try evaluate()
            let vector = try pooled(0)
            pieces.add(vector, length: piece.count)
        }
        vectors.replaceSubrange(0..<dimensions, with: pieces.vector)
    }

    /// - Parameter tokens: their indices are their positions.
    private func append(_ tokens: ArraySlice<Int32>, to sequence: Int) {
        for position in tokens.indices {
            batch.append(tokens[position], position: position, sequence: sequence, wantsLogits: true)
        }
    }

    private func evaluate() throws(InferenceError) {
        let code = handle.evaluate(batch, by: half)
        guard code == 0 else {
            throw InferenceError(.internal, "The engine could not evaluate the model (code \(code)).")
        }
    }

    private func pooled(_ sequence: Int) throws(InferenceError) -> UnsafeBufferPointer<Float> {
        guard let vector = llama_get_embeddings_seq(handle.pointer, Int32(sequence)) else {
            throw InferenceError(.internal, "The engine gave no vector for a text.")
        }
        return UnsafeBufferPointer(start: vector, count: dimensions)
    }

    func setThreads(_ count: Int) { handle.setThreads(count) }
}

extension PoolingTraits.Pooling {
    fileprivate var inLibrary: llama_pooling_type {
        switch self {
        case .mean: LLAMA_POOLING_TYPE_MEAN
        case .first: LLAMA_POOLING_TYPE_CLS
        case .last: LLAMA_POOLING_TYPE_LAST
        }
    }
}
