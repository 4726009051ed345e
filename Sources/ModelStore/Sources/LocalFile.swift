#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file of this machine. It is copied: the user's own stays where it is.
struct LocalFile: ModelSource {
    let path: String

    init(_ path: String) {
        self.path = path.absolutePath
    }

    /// Without the folder: manifests do not tell where the user keeps things.
    var description: String { "local file \(path.lastPathComponent)" }

    /// The file may have been changed, or another one of the same name be meant.
    var isStable: Bool { false }

    func facts(readingContent: Bool) async throws -> FileFacts {
        guard let bytes = fileSize(path) else {
            throw itemExists(path)
                ? InstallError.invalidSource(path, reason: "it is not a file.") : InstallError.notFound(path)
        }
        // It is read while it is copied; before that only to tell whether an installed model is the same.
        guard readingContent else { return FileFacts(bytes: bytes) }
        return FileFacts(bytes: bytes, sha256: try digest(ofFile: path).sha256)
    }

    func fetch(
        into target: String, expected: FileFacts, progress: @escaping @Sendable (FetchProgress) -> Void
    ) async throws -> FetchedFile {
        var copy = try DigestingFile(target)
        try copy.restart()
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
        defer { close(descriptor) }
        let total = fileSize(path)
        try readFile(descriptor, path: path) { chunk in
            try copy.append(chunk)
            progress(FetchProgress(bytes: copy.bytes, total: total))
        }
        return FetchedFile(bytes: copy.bytes, sha256: copy.sha256)
    }
}
