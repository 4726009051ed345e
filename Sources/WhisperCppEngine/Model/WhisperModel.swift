import CWhisper
import Inference

/// The weights of one ggml file and the memory to compute with them.
///
/// Not sendable: one thread makes it, uses it and frees it.
package final class WhisperModel {
    package let header: ModelHeader
    private let path: String
    private var loaded: Loaded?
    private var isClosed = false

    /// What whisper.cpp holds. Whether it can align words is settled when it loads the weights.
    private struct Loaded {
        var context: OpaquePointer
        /// `nil` after whisper.cpp has freed it because memory ran out.
        var state: OpaquePointer?
        var alignsWords: Bool
    }

    /// Loads the weights.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the file is no model or memory does not
    ///   suffice.
    package init(path: String, header: ModelHeader) throws(InferenceError) {
        self.path = path
        self.header = header
        loaded = try Self.load(path, header, aligningWords: false)
    }

    deinit { free() }

    /// whisper.cpp's handles of the model, able to align words or not.
    ///
    /// The two kinds differ in how attention is computed, and one that aligns does so in every window. So there is one
    /// at a time, and where the other is wanted the weights are read again: twice their memory would stay taken.
    func handles(aligningWords: Bool) throws(InferenceError) -> (context: OpaquePointer, state: OpaquePointer) {
        if isClosed { throw InferenceError(.unavailable, "The model is being unloaded; try again.") }
        if loaded?.alignsWords != aligningWords {
            free()
            loaded = try Self.load(path, header, aligningWords: aligningWords)
        }
        guard let context = loaded?.context, let state = loaded?.state ?? whisper_init_state(context) else {
            throw Self.noMemory
        }
        loaded?.state = state
        return (context, state)
    }

    /// The handles as they are, where it does not matter whether words can be aligned.
    func anyHandles() throws(InferenceError) -> (context: OpaquePointer, state: OpaquePointer) {
        try handles(aligningWords: loaded?.alignsWords ?? false)
    }

    /// whisper.cpp has freed the state by itself.
    func stateIsGone() { loaded?.state = nil }

    /// Frees the model; nothing is decoded any more.
    func close() {
        isClosed = true
        free()
    }

    private func free() {
        if let state = loaded?.state { whisper_free_state(state) }
        if let context = loaded?.context { whisper_free(context) }
        loaded = nil
    }

    private static let noMemory = InferenceError(
        .unavailable, "There is not enough memory to run the model.", parameter: "model")

    private static func load(
        _ path: String, _ header: ModelHeader, aligningWords: Bool
    ) throws(InferenceError) -> Loaded {
        var parameters = whisper_context_default_params()
        parameters.use_gpu = false
        parameters.flash_attn = !aligningWords
        if aligningWords { AlignmentHeads(header).apply(to: &parameters) }
        guard let context = whisper_init_from_file_with_params_no_state(path, parameters) else {
            throw InferenceError(
                .unavailable, "The model's file cannot be loaded; install the model again.", parameter: "model")
        }
        guard let state = whisper_init_state(context) else {
            whisper_free(context)
            throw noMemory
        }
        return Loaded(context: context, state: state, alignsWords: aligningWords)
    }
}
