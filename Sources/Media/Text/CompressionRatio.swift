import CPictures

/// Tells text that repeats itself: how many times longer it is than what zlib makes of it.
///
/// OpenAI's program takes a transcription for a loop above 2.4.
package enum CompressionRatio {
    /// Bytes of UTF-8 over bytes of `zlib.compress`; 0 for no text.
    package static func of(_ text: String) -> Float {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return 0 }
        let compressed = dpais_compressed_size(bytes, bytes.count)
        guard compressed > 0 else { fatalError("no memory to compress a text") }
        return Float(bytes.count) / Float(compressed)
    }
}
