import CLlama
import Inference

/// The weights and vocabulary of one GGUF file.
///
/// `@unchecked Sendable`: after `init` nothing writes to the model; llama.cpp reads it from many threads at once.
package final class LlamaModel: @unchecked Sendable {
    let pointer: OpaquePointer
    package let vocabulary: OpaquePointer

    /// Reads the file.
    ///
    /// - Throws: ``InferenceError`` of kind `unavailable` where it is no model that llama.cpp can load.
    convenience init(path: String) throws {
        var parameters = llama_model_default_params()
        parameters.n_gpu_layers = -1
        try self.init(path: path, parameters)
    }

    /// Reads the vocabulary alone, from a file that may hold nothing else.
    package convenience init(vocabularyPath: String) throws {
        var parameters = llama_model_default_params()
        parameters.vocab_only = true
        try self.init(path: vocabularyPath, parameters)
    }

    private init(path: String, _ parameters: llama_model_params) throws {
        guard let pointer = llama_model_load_from_file(path, parameters) else {
            throw InferenceError(
                .unavailable,
                "The model's file could not be loaded: it is damaged, or of a kind that this engine does not know. "
                    + "The runner's log says more; installing the model again may help.")
        }
        guard let vocabulary = llama_model_get_vocab(pointer) else {
            llama_model_free(pointer)
            throw InferenceError(.unavailable, "The model's file holds no vocabulary.")
        }
        self.pointer = pointer
        self.vocabulary = vocabulary
    }

    deinit { llama_model_free(pointer) }

    /// The device that computes models: all layers go to a GPU where llama.cpp was built with a backend that found one.
    static var device: String { llama_supports_gpu_offload() ? "gpu" : "cpu" }

    /// The longest sequence that the model was trained on.
    var trainedContextLength: Int { Int(llama_model_n_ctx_train(pointer)) }

    /// Bytes that one cached token takes: keys and values of 16 bits in every layer.
    ///
    /// An upper bound for models that share or skip layers.
    var cacheBytesPerToken: Int {
        let heads = max(1, Int(llama_model_n_head(pointer)))
        let headSize =
            Int(metadata("\(architecture).attention.key_length") ?? "") ?? Int(llama_model_n_embd(pointer)) / heads
        let keyValueHeads = max(1, Int(llama_model_n_head_kv(pointer)))
        return Int(llama_model_n_layer(pointer)) * keyValueHeads * headSize * 2 * 2
    }

    /// Whether an arbitrary tail of a cached sequence can be dropped; recurrent state cannot be rolled back.
    var cacheCanBeTruncated: Bool {
        !llama_model_is_recurrent(pointer) && !llama_model_is_hybrid(pointer)
    }

    /// Why this model cannot continue text, or `nil` where it can.
    var reasonItCannotGenerate: String? {
        if llama_model_has_encoder(pointer) {
            return "It has an encoder; this engine continues text with decoder-only models."
        }
        if !llama_model_has_decoder(pointer) || metadata("\(architecture).attention.causal") == "false" {
            return "It is an encoder, made for embeddings, not for chat."
        }
        if llama_model_is_diffusion(pointer) { return "It is a diffusion model." }
        return nil
    }

    var architecture: String { metadata("general.architecture") ?? "" }

    /// A scalar of the file's metadata, as text.
    func metadata(_ key: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        let length = llama_model_meta_val_str(pointer, key, &buffer, buffer.count)
        guard length >= 0 else { return nil }
        return String(
            decoding: buffer.prefix(min(Int(length), buffer.count - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
