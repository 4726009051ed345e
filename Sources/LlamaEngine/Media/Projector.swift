import CLlamaShim
import Inference
import SystemSupport

/// What makes embeddings of pictures and sounds: a projector's file, in llama.cpp's libmtmd.
///
/// `@unchecked Sendable`: the library reads files and cuts prompts on many threads at once; encoding, which it does one
/// at a time, is behind the lock.
final class Projector: @unchecked Sendable {
    /// Floats of embeddings that are kept for the next request: 64 MiB.
    private static let keptFloats = 16 << 20

    /// What stands for a picture or a sound in a prompt. Random, so that no text of a user's can pass for one.
    let marker: String
    let pointer: OpaquePointer
    // The library reads the model's vocabulary for as long as it lives.
    private let model: LlamaModel
    private let encoded = Locked(EncodedMedia(limit: Projector.keptFloats))

    /// - Parameter threads: how many compute embeddings.
    /// - Throws: ``InferenceError``: `unavailable` where the file is no projector for this model, `unsupported` where
    ///   the engine cannot evaluate what it makes.
    init(path: String, model: LlamaModel, threads: Int) throws {
        let random = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
        let marker = "<__media_\(random)__>"
        var reason: UnsafeMutablePointer<CChar>?
        guard let pointer = dpais_projector_load(path, model.pointer, marker, Int32(threads), &reason) else {
            throw InferenceError(
                .unavailable, "The model's projector could not be loaded: \(text(taking: reason)).")
        }
        guard !dpais_projector_needs_mrope(pointer) else {
            dpais_projector_free(pointer)
            throw InferenceError(
                .unsupported,
                "This model places pictures in several dimensions (M-RoPE), which this engine does not evaluate. "
                    + "Install it without its projector to chat in text.", parameter: "model")
        }
        self.marker = marker
        self.pointer = pointer
        self.model = model
    }

    deinit { dpais_projector_free(pointer) }

    /// Floats of one embedding.
    var width: Int { dpais_projector_width(pointer) }

    func reads(_ kind: Attachment.Kind) -> Bool {
        switch kind {
        case .image: dpais_projector_sees(pointer)
        case .audio: dpais_projector_hears(pointer)
        }
    }

    /// The embeddings of one stretch of a prompt, computed unless they were lately.
    func embeddings(of chunks: MediaChunks, _ chunk: MediaChunks.Media) throws -> [Float] {
        try encoded.withLock { encoded in
            if let known = encoded.embeddings(of: chunk.key) { return known }
            let count = chunk.range.count * width
            var reason: UnsafeMutablePointer<CChar>?
            let embeddings = [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
                let isDone = dpais_chunks_encode(pointer, chunks.pointer, chunk.index, buffer.baseAddress, &reason)
                initialised = isDone ? count : 0
            }
            guard embeddings.count == count else {
                throw InferenceError(.internal, "A picture or sound could not be encoded: \(text(taking: reason)).")
            }
            encoded.keep(embeddings, of: chunk.key)
            return embeddings
        }
    }
}
