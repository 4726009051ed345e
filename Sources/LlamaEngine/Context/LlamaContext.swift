import CLlama
import Inference

/// A context with one cache for all sequences.
final class LlamaContext: DecodingContext {
    let contextLength: Int
    let batchCapacity: Int
    let outputCapacity: Int
    let sequenceCapacity: Int
    let canTruncate: Bool

    private let handle: ContextHandle
    private let vocabularySize: Int

    /// - Throws: ``InferenceError`` of kind `unavailable` where there is not enough memory.
    init(_ model: LlamaModel, plan: CachePlan, threads: Int, maximumThreads: Int) throws {
        var parameters = llama_context_default_params()
        parameters.n_ctx = UInt32(plan.cells)
        parameters.n_batch = UInt32(plan.batchCapacity)
        parameters.n_ubatch = UInt32(plan.batchCapacity)
        parameters.n_seq_max = UInt32(plan.sequences)
        parameters.n_outputs_max = UInt32(plan.outputCapacity)
        parameters.n_outputs_max_per_seq = UInt32(plan.outputCapacity)
        parameters.n_threads = Int32(threads)
        parameters.n_threads_batch = Int32(threads)
        parameters.kv_unified = true
        // A window's cache that forgets what left the window could not share prefixes between sequences.
        parameters.swa_full = true
        parameters.no_perf = true
        handle = try ContextHandle(model, parameters, maximumThreads: maximumThreads)
        contextLength = plan.contextLength
        batchCapacity = plan.batchCapacity
        outputCapacity = plan.outputCapacity
        sequenceCapacity = plan.sequences
        canTruncate = model.cacheCanBeTruncated
        vocabularySize = Int(llama_vocab_n_tokens(model.vocabulary))
    }

    func decode(_ tokens: TokenBatch) -> DecodeOutcome {
        DecodeOutcome(handle.evaluate(tokens, by: .decoder))
    }

    func decode(_ embeddings: EmbeddingBatch) -> DecodeOutcome {
        precondition(
            embeddings.count > 0 && embeddings.count <= batchCapacity, "a batch holds 1 to \(batchCapacity) embeddings")
        var batch = handle.batch
        batch.n_tokens = Int32(embeddings.count)
        batch.token = nil
        for index in 0..<embeddings.count {
            batch.pos[index] = Int32(embeddings.position + index)
            batch.n_seq_id[index] = 1
            batch.seq_id[index]?[0] = Int32(embeddings.sequence)
            batch.logits[index] = 0
        }
        if embeddings.attendsForward { llama_set_causal_attn(handle.pointer, false) }
        defer { if embeddings.attendsForward { llama_set_causal_attn(handle.pointer, true) } }
        return embeddings.values.withUnsafeBufferPointer { values in
            // Read only: the library's type of batches knows no constants.
            batch.embd = UnsafeMutablePointer(mutating: values.baseAddress)
            return DecodeOutcome(llama_decode(handle.pointer, batch))
        }
    }

    func logits(at index: Int) -> Logits? {
        guard let values = llama_get_logits_ith(handle.pointer, Int32(index)) else { return nil }
        return Logits(UnsafeMutableBufferPointer(start: values, count: vocabularySize))
    }

    func copyPrefix(of source: Int, to target: Int, length: Int) {
        llama_memory_seq_cp(
            handle.memory, Int32(source), Int32(target), canTruncate ? 0 : -1, canTruncate ? Int32(length) : -1)
    }

    func truncate(_ sequence: Int, to length: Int) -> Bool {
        llama_memory_seq_rm(handle.memory, Int32(sequence), Int32(length), -1)
    }

    func setThreads(_ count: Int) {
        handle.setThreads(count)
    }
}

extension DecodeOutcome {
    /// What `llama_decode` returned.
    init(_ code: Int32) {
        self =
            switch code {
            case 0: .done
            case 1: .cacheFull
            default: .failed(code: code)
            }
    }
}
