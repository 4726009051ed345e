/// A file that is kept in parts, each in a place of its own.
struct JoinedFile: ModelSource {
    /// In their order; never empty.
    let parts: [any ModelSource]

    var description: String { parts.map(\.description).joined(separator: " + ") }
    var isStable: Bool { parts.allSatisfy(\.isStable) }

    /// The size where all parts say theirs. No part knows the digest of the whole.
    func facts(readingContent: Bool) async throws -> FileFacts {
        var bytes: Int? = 0
        for part in parts {
            let more = try await part.facts(readingContent: false).bytes
            bytes = bytes.flatMap { sum in more.map { sum + $0 } }
        }
        return FileFacts(bytes: bytes)
    }

    func fetch(
        into path: String, expected: FileFacts, progress: @escaping @Sendable (FetchProgress) -> Void
    ) async throws -> FetchedFile {
        var whole = try DigestingFile(path)
        try whole.restart()
        for (index, part) in parts.enumerated() {
            let before = whole.bytes
            let place = "\(path).\(index)"
            _ = try await part.fetch(into: place, expected: FileFacts()) { part in
                progress(FetchProgress(bytes: before + part.bytes, kept: part.kept, pause: part.pause))
            }
            try whole.append(contentsOf: place)
            try removeItem(place)
            try removeItem(place + ".state")
        }
        return FetchedFile(bytes: whole.bytes, sha256: whole.sha256)
    }
}
