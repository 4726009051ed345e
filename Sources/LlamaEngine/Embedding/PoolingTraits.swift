import CLlama
import Inference

/// How a model makes one vector of a text: what its file says, and llama.cpp's code for its architecture.
package struct PoolingTraits: Sendable, Equatable {
    /// Which tokens' states make the vector.
    package enum Pooling: String, Sendable {
        case mean, first, last
    }

    package var pooling: Pooling
    /// Whether each token attends to those after it too; such a text has to be evaluated whole.
    package var isBidirectional: Bool

    package init(pooling: Pooling, isBidirectional: Bool) {
        self.pooling = pooling
        self.isBidirectional = isBidirectional
    }
}

extension LlamaModel {
    /// Asks a small context what the model is.
    ///
    /// A file that names no pooling gets what its kind is trained with: encoders the mean, decoders the last token.
    ///
    /// - Throws: ``InferenceError``: `unsupported` where the model makes no vectors of texts, `unavailable` where there
    ///   is not enough memory.
    func poolingTraits() throws -> PoolingTraits {
        if hasEncoder, llama_model_has_decoder(pointer) {
            throw unsupported("It has an encoder and a decoder; this engine embeds with models that have one of them.")
        }
        var parameters = llama_context_default_params()
        parameters.n_ctx = 256
        parameters.n_batch = 64
        parameters.n_ubatch = 64
        parameters.embeddings = true
        guard let context = llama_init_from_model(pointer, parameters) else {
            throw InferenceError(.unavailable, "There is not enough memory for this model.")
        }
        defer { llama_free(context) }
        // What has no cache looks both ways, whatever the file says.
        let looksBack = llama_get_memory(context) != nil && llama_get_causal_attn(context)
        let isBidirectional = hasEncoder || !looksBack
        let pooling: PoolingTraits.Pooling =
            switch llama_pooling_type(context) {
            case LLAMA_POOLING_TYPE_MEAN: .mean
            case LLAMA_POOLING_TYPE_CLS: .first
            case LLAMA_POOLING_TYPE_LAST: .last
            case LLAMA_POOLING_TYPE_RANK:
                throw unsupported("It is a reranker: it scores pairs of texts and has no vectors.")
            default: isBidirectional ? .mean : .last
            }
        return PoolingTraits(pooling: pooling, isBidirectional: isBidirectional)
    }

    /// Whether evaluations go through `llama_encode`.
    var hasEncoder: Bool { llama_model_has_encoder(pointer) }

    private func unsupported(_ reason: String) -> InferenceError {
        InferenceError(.unsupported, "This model cannot embed texts. \(reason)", parameter: "model")
    }
}
