import CLlamaShim
import Inference

/// The pictures and sounds of a request, decoded.
final class MediaFiles {
    let projector: Projector
    private var bitmaps: [OpaquePointer?] = []

    /// - Throws: ``InferenceError`` of kind `invalidRequest` that names the field of a file which cannot be read.
    init(_ attachments: [Attachment], for projector: Projector) throws {
        self.projector = projector
        for attachment in attachments {
            let field = attachment.field ?? "messages"
            guard projector.reads(attachment.kind) else {
                throw InferenceError(
                    .invalidRequest, "This model's projector cannot read \(attachment.kind.contents); send text.",
                    parameter: field)
            }
            do {
                try attachment.check()
            } catch {
                throw InferenceError(.invalidRequest, "A file cannot be read: \(error.reason).", parameter: field)
            }
            guard
                let bitmap = attachment.data.withUnsafeBufferPointer({
                    dpais_bitmap_create(projector.pointer, $0.baseAddress, $0.count, nil)
                })
            else {
                throw InferenceError(
                    .invalidRequest, "A file cannot be decoded: it is damaged, or of a form that is not supported.",
                    parameter: field)
            }
            bitmaps.append(bitmap)
        }
    }

    deinit { bitmaps.forEach { dpais_bitmap_free($0) } }

    /// The prompt, in which a marker stands for each of the files, cut into text and media.
    func cut(_ prompt: String) throws -> MediaChunks {
        var prompt = prompt
        var reason: UnsafeMutablePointer<CChar>?
        let chunks = prompt.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { text in
                bitmaps.withUnsafeBufferPointer {
                    dpais_chunks_create(
                        projector.pointer, text.baseAddress, text.count, $0.baseAddress, $0.count, &reason)
                }
            }
        }
        guard let chunks else {
            throw InferenceError(
                .invalidRequest, "The pictures and sounds cannot be put in a prompt: \(text(taking: reason)).",
                parameter: "messages")
        }
        return try MediaChunks(chunks, of: projector)
    }
}

extension Attachment.Kind {
    var contents: String {
        switch self {
        case .image: "images"
        case .audio: "audio"
        }
    }
}
