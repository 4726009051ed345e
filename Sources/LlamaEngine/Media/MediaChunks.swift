import CLlamaShim
import Inference

/// A prompt cut into text and media.
final class MediaChunks {
    /// A stretch of the prompt that is media.
    struct Media {
        /// Its place among the chunks.
        var index: Int
        /// Its tokens' place in the prompt.
        var range: Range<Int>
        var key: EncodedMedia.Key
        var attendsForward: Bool
    }

    let pointer: OpaquePointer
    /// The prompt's tokens, those of ``MediaDigest`` where media stand.
    private(set) var tokens: [Int32] = []
    private(set) var media: [Media] = []
    private let projector: Projector

    /// - Parameter pointer: taken over.
    init(_ pointer: OpaquePointer, of projector: Projector) throws {
        self.pointer = pointer
        self.projector = projector
        var parts: [MediaDigest: Int] = [:]
        for index in 0..<dpais_chunks_count(pointer) {
            let chunk = dpais_chunks_get(projector.pointer, pointer, index)
            if let text = chunk.tokens {
                tokens.append(contentsOf: UnsafeBufferPointer(start: text, count: chunk.count))
                continue
            }
            guard let digest = chunk.digest.flatMap({ MediaDigest(hexadecimal: String(cString: $0)) }) else {
                throw InferenceError(.internal, "A picture or sound has lost its digest.")
            }
            guard chunk.count > 0 else { continue }
            let part = parts[digest, default: 0]
            parts[digest] = part + 1
            media.append(
                Media(
                    index: index, range: tokens.count..<(tokens.count + chunk.count),
                    key: EncodedMedia.Key(digest: digest, part: part), attendsForward: chunk.is_non_causal))
            tokens.append(contentsOf: digest.tokens(part: part, count: chunk.count))
        }
        guard let last = tokens.last, last >= 0 else {
            throw InferenceError(
                .invalidRequest, "The prompt ends with a picture or a sound; the model's chat template has to go on.",
                parameter: "messages")
        }
    }

    deinit { dpais_chunks_free(pointer) }

    /// The media with their embeddings, computed one after the other.
    ///
    /// - Parameter batchCapacity: embeddings that are evaluated together at most.
    func spans(batchCapacity: Int) throws -> [MediaSpan] {
        try media.map { media in
            guard !media.attendsForward || media.range.count <= batchCapacity else {
                throw InferenceError(
                    .invalidRequest,
                    "A picture takes \(media.range.count) tokens; at most \(batchCapacity) are evaluated together.",
                    parameter: "messages")
            }
            try Task.checkCancellation()
            return MediaSpan(
                range: media.range, embeddings: try projector.embeddings(of: self, media),
                attendsForward: media.attendsForward)
        }
    }
}
