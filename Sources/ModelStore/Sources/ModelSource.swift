/// Where the bytes of a file come from, and what is known of them before they are fetched.
protocol ModelSource: Sendable, CustomStringConvertible {
    /// Whether two files of the same description may be taken for the same file, where no digest is known.
    var isStable: Bool { get }

    /// What the source says of the file, perhaps after asking it.
    ///
    /// - Parameter readingContent: whether the digest is wanted so much that the whole file may be read for it.
    /// - Throws: ``InstallError``, or `CancellationError`.
    func facts(readingContent: Bool) async throws -> FileFacts

    /// Brings the file to `path`, going on from what an interrupted try left there where the source can.
    ///
    /// - Parameters:
    ///   - expected: what is known of the file; the source may use it to stop early, but the caller checks the result.
    ///   - progress: told how much of the file is here; one call at a time.
    /// - Returns: what the file at `path` is now.
    /// - Throws: ``InstallError``, or `CancellationError`.
    func fetch(
        into path: String, expected: FileFacts, progress: @escaping @Sendable (FetchProgress) -> Void
    ) async throws -> FetchedFile
}

extension ModelSource {
    var isStable: Bool { true }
}

/// What is known of a file before it is fetched.
struct FileFacts: Sendable, Equatable {
    var bytes: Int?
    /// Lower-case hexadecimal.
    var sha256: String?
    /// The name that git gives to what the file holds, a SHA-1 in lower-case hexadecimal: all that a hub knows of small
    /// files.
    var gitBlob: String?

    /// These, and from `other` what they lack.
    func completed(by other: FileFacts) -> FileFacts {
        FileFacts(
            bytes: bytes ?? other.bytes, sha256: sha256 ?? other.sha256, gitBlob: gitBlob ?? other.gitBlob)
    }
}

/// How much of a file is here.
struct FetchProgress: Sendable, Equatable {
    var bytes: Int
    /// Of these, the ones that an interrupted try had left.
    var kept = 0
    /// Bytes of the file; `nil` where the source has not said.
    var total: Int?
    /// How long the source, which has failed or asks for patience, is waited for.
    var pause: Duration?
}

/// What a file is, measured on the file itself.
struct FetchedFile: Sendable, Equatable {
    var bytes: Int
    var sha256: String
}
