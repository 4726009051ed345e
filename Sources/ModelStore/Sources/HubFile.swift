import NIOHTTP1

/// A file of a repository on a model hub, which says a file's size and digest before sending it.
struct HubFile: ModelSource {
    let repository: String
    let revision: String
    let path: String
    let settings: DownloadSettings

    var description: String { "hub file \(repository)@\(revision)/\(path)" }

    private var url: String {
        "\(settings.hub)/\(repository)/resolve/\(revision.inAddress)/\(path.inAddress)"
    }

    func facts(readingContent: Bool) async throws -> FileFacts {
        try await withPage {
            try await HTTPTransport.with(settings) { transport in
                guard let answer = try await headers(transport) else { return FileFacts() }
                let digest = answer.first(name: "x-linked-etag").map { $0.filter { $0 != "\"" }.lowercased() }
                // Small files that the hub keeps in git have the name there that git gives them.
                let name = answer.first(name: "etag").map { $0.filter { $0 != "\"" }.lowercased() }
                return FileFacts(
                    bytes: answer.first(name: "x-linked-size").flatMap { Int($0) },
                    sha256: digest.flatMap { $0.isSHA256 ? $0 : nil },
                    gitBlob: digest == nil ? name.flatMap { $0.isGitName ? $0 : nil } : nil)
            }
        }
    }

    func fetch(
        into path: String, expected: FileFacts, progress: @escaping @Sendable (FetchProgress) -> Void
    ) async throws -> FetchedFile {
        try await withPage {
            try await Download(
                url: url, authorization: settings.authorization(for: url), description: description,
                expected: expected, settings: settings
            ).run(into: path, progress: progress)
        }
    }

    /// Tells where permission is to be had, where it is missing.
    private func withPage<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch InstallError.accessDenied(let source, _) {
            throw InstallError.accessDenied(
                source, hub: .init(page: settings.hub + "/" + repository, hasToken: settings.hubToken != nil))
        }
    }

    /// The headers of the hub's own answer, which is a redirect to where the bytes are; `nil` where it gives none.
    private func headers(_ transport: HTTPTransport) async throws -> HTTPHeaders? {
        var failures = RetryState(settings: settings)
        while true {
            do {
                return try await transport.head(url, authorization: settings.authorization(for: url)) {
                    $0.contains(name: "x-linked-etag")
                }
            } catch HTTPFailure.refused(405), HTTPFailure.transient(501, _) {
                // A mirror that knows no HEAD.
                return nil
            } catch {
                try await failures.pause(after: error, from: description)
            }
        }
    }
}

extension String {
    /// Whether this is the name that git gives to what a file holds.
    var isGitName: Bool {
        utf8.count == 40 && utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// A path as it stands in an address: what may not stand there is escaped, slashes stay.
    var inAddress: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        return utf8.reduce(into: "") { text, byte in
            text += plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + [byte].hexadecimal.uppercased()
        }
    }
}
