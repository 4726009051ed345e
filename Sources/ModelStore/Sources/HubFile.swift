import NIOHTTP1

/// A file of a repository on a model hub, which says a file's size and digest before sending it.
struct HubFile: ModelSource {
    let repository: String
    let revision: String
    let path: String
    let settings: DownloadSettings

    var description: String { "hub file \(repository)@\(revision)/\(path)" }

    private var url: String { "\(settings.hub)/\(repository)/resolve/\(revision)/\(path)" }
    private var authorization: String? { settings.hubToken.map { "Bearer " + $0 } }

    func facts() async throws -> FileFacts {
        try await HTTPTransport.with(settings) { transport in
            let answer = try await headers(transport)
            let digest = answer.first(name: "x-linked-etag").map { $0.filter { $0 != "\"" }.lowercased() }
            return FileFacts(
                bytes: answer.first(name: "x-linked-size").flatMap { Int($0) },
                // Small files that the hub keeps in git have another kind of digest there.
                sha256: digest.flatMap { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) ? $0 : nil })
        }
    }

    func fetch(
        into path: String, expected: FileFacts, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> FetchedFile {
        try await Download(
            url: url, authorization: authorization, description: description, expected: expected, settings: settings
        ).run(into: path, progress: progress)
    }

    /// The headers of the hub's own answer, which is a redirect to where the bytes are.
    private func headers(_ transport: HTTPTransport) async throws -> HTTPHeaders {
        var failures = RetryState(settings: settings)
        while true {
            do {
                return try await transport.head(url, authorization: authorization) {
                    $0.contains(name: "x-linked-etag")
                }
            } catch {
                try await failures.pause(after: error, from: description)
            }
        }
    }
}
