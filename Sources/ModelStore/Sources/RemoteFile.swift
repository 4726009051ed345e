import Crypto

/// A file at an `http` or `https` address.
struct RemoteFile: ModelSource {
    let url: String
    let settings: DownloadSettings

    /// Without what an address may hold that is secret: a user, a password, a signed query. The query leaves a short
    /// digest behind, so that two files of one path are told apart.
    var description: String {
        let parts = url.split(separator: "?", maxSplits: 1)
        var address = String(parts[0])
        let pieces = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        if pieces.count == 3, let at = pieces[2].prefix(while: { $0 != "/" }).lastIndex(of: "@") {
            address = pieces[0] + "//" + pieces[2][pieces[2].index(after: at)...]
        }
        guard parts.count == 2 else { return address }
        return address + "?" + SHA256.hash(data: Array(parts[1].utf8)).prefix(6).hexadecimal
    }

    /// Nothing: a `HEAD` that some servers answer wrongly, or not at all, would only repeat what the download says.
    func facts(readingContent: Bool) -> FileFacts {
        FileFacts()
    }

    func fetch(
        into path: String, expected: FileFacts, progress: @escaping @Sendable (FetchProgress) -> Void
    ) async throws -> FetchedFile {
        try await Download(
            url: url, authorization: settings.authorization(for: url), description: description, expected: expected,
            settings: settings
        ).run(into: path, progress: progress)
    }
}
