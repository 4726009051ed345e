/// How vectors are written in a reply.
enum EmbeddingEncoding: String, CaseIterable, Sendable {
    /// As arrays of numbers.
    case float
    /// As base64 of 32-bit floats, the least significant byte first.
    case base64
}
