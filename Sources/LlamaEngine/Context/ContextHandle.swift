import CLlama
import CLlamaShim
import Inference

/// A `llama_context`, the threads that compute on it and the memory of its batches, freed together.
///
/// Used by one thread at a time.
final class ContextHandle {
    /// Which half of a model evaluates.
    enum Half {
        case encoder, decoder
    }

    let pointer: OpaquePointer
    /// The cache; none where each evaluation stands for itself.
    let memory: llama_memory_t?
    /// Filled anew for each evaluation.
    let batch: llama_batch

    private let model: LlamaModel
    private let threadPool: OpaquePointer?
    private let batchCapacity: Int

    /// - Throws: ``InferenceError`` of kind `unavailable` where there is not enough memory.
    init(_ model: LlamaModel, _ parameters: llama_context_params, maximumThreads: Int) throws {
        guard let pointer = llama_init_from_model(model.pointer, parameters) else {
            throw InferenceError(
                .unavailable,
                "There is not enough memory for a context of \(parameters.n_ctx) tokens; a smaller context length helps."
            )
        }
        self.model = model
        self.pointer = pointer
        memory = llama_get_memory(pointer)
        threadPool = dpais_thread_pool_attach(pointer, Int32(maximumThreads))
        batchCapacity = Int(parameters.n_batch)
        batch = llama_batch_init(Int32(batchCapacity), 0, 1)
    }

    deinit {
        llama_batch_free(batch)
        dpais_thread_pool_free(threadPool)
        llama_free(pointer)
    }

    /// Evaluates the batch.
    ///
    /// - Returns: what the library returned.
    func evaluate(_ tokens: TokenBatch, by half: Half) -> Int32 {
        precondition(tokens.count > 0 && tokens.count <= batchCapacity, "a batch holds 1 to \(batchCapacity) tokens")
        var batch = batch
        batch.n_tokens = Int32(tokens.count)
        for index in 0..<tokens.count {
            batch.token[index] = tokens.tokens[index]
            batch.pos[index] = tokens.positions[index]
            batch.n_seq_id[index] = 1
            batch.seq_id[index]?[0] = tokens.sequences[index]
            batch.logits[index] = tokens.wantsLogits[index] ? 1 : 0
        }
        return switch half {
        case .encoder: llama_encode(pointer, batch)
        case .decoder: llama_decode(pointer, batch)
        }
    }

    func setThreads(_ count: Int) {
        llama_set_n_threads(pointer, Int32(count), Int32(count))
    }
}
