/// Embeddings that were computed lately: the next turn of a conversation has the same pictures.
struct EncodedMedia {
    struct Key: Hashable {
        var digest: MediaDigest
        var part: Int
    }

    private let limit: Int
    private var count = 0
    private var clock = 0
    private var entries: [Key: (embeddings: [Float], lastUse: Int)] = [:]

    /// - Parameter limit: floats that are kept at most.
    init(limit: Int) { self.limit = limit }

    mutating func embeddings(of key: Key) -> [Float]? {
        clock += 1
        entries[key]?.lastUse = clock
        return entries[key]?.embeddings
    }

    /// Keeps embeddings in place of those unused for longest.
    mutating func keep(_ embeddings: [Float], of key: Key) {
        guard embeddings.count <= limit, entries[key] == nil else { return }
        while count + embeddings.count > limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            count -= oldest.value.embeddings.count
            entries[oldest.key] = nil
        }
        clock += 1
        count += embeddings.count
        entries[key] = (embeddings, clock)
    }
}
