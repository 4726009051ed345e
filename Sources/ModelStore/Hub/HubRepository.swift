import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A repository of a model hub, at one revision: what it holds.
struct HubRepository: Sendable {
    /// `owner/name`.
    let name: String
    let revision: String
    let settings: DownloadSettings

    /// A list of files has fewer bytes.
    private static let listLimit = 64 << 20
    /// Pages that a list may have.
    private static let pageLimit = 100

    private var description: String { "hub repository \(name)@\(revision)" }

    /// All files, sorted by path, with their sizes and digests.
    ///
    /// - Throws: ``InstallError``, or `CancellationError`.
    func files() async throws -> [HubEntry] {
        do {
            return try await tree().sorted { $0.path < $1.path }
        } catch InstallError.notFound {
            // Mirrors know less of the hub than the hub; this is its older list.
            return try await siblings().sorted { $0.path < $1.path }
        }
    }

    /// A small file's text.
    func text(of path: String, limit: Int) async throws -> [UInt8] {
        let url = "\(settings.hub)/\(name)/resolve/\(revision.inAddress)/\(path.inAddress)"
        return try await answer(url, limit: limit).body
    }

    private func tree() async throws -> [HubEntry] {
        var url: String? = "\(settings.hub)/api/models/\(name)/tree/\(revision.inAddress)?recursive=true"
        var entries: [HubEntry] = []
        for _ in 0..<Self.pageLimit {
            guard let page = url else { break }
            let (headers, body) = try await answer(page, limit: Self.listLimit)
            entries += try decode([TreeEntry].self, body).filter { $0.type == "file" }.map(\.entry)
            url = nextPage(headers)
        }
        return entries
    }

    private func siblings() async throws -> [HubEntry] {
        let url = "\(settings.hub)/api/models/\(name)/revision/\(revision.inAddress)?blobs=true"
        return try decode(Description.self, try await answer(url, limit: Self.listLimit).body).siblings.map(\.entry)
    }

    private func answer(_ url: String, limit: Int) async throws -> (headers: HTTPHeaders, body: [UInt8]) {
        do {
            return try await SmallFile(
                url: url, authorization: settings.authorization(for: url), settings: settings, description: description
            ).answer(limit: limit)
        } catch InstallError.accessDenied(let source, _) {
            throw InstallError.accessDenied(
                source, hub: .init(page: settings.hub + "/" + name, hasToken: settings.hubToken != nil))
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws(InstallError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw .invalidSource(description, reason: "the hub's list of its files cannot be read.")
        }
    }

    /// The address of the list's next part (RFC 8288), on the same hub.
    private func nextPage(_ headers: HTTPHeaders) -> String? {
        for link in headers["link"].flatMap({ $0.split(separator: ",") }) where link.contains("rel=\"next\"") {
            guard let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"), start < end else {
                continue
            }
            let address = link[link.index(after: start)..<end]
            if address.hasPrefix("/") { return settings.hub + address }
            // A hub behind a mirror names itself.
            guard let range = address.firstRange(of: "/api/models/") else { continue }
            return settings.hub + address[range.lowerBound...]
        }
        return nil
    }
}

/// An entry of `/api/models/…/tree`.
private struct TreeEntry: Decodable {
    struct Large: Decodable {
        /// The SHA-256.
        var oid: String?
        var size: Int?
    }

    var type: String
    var path: String
    var oid: String?
    var size: Int?
    var lfs: Large?

    var entry: HubEntry {
        HubEntry(
            path: path, bytes: lfs?.size ?? size, sha256: lfs?.oid?.asSHA256,
            gitBlob: oid.flatMap { $0.isGitName ? $0 : nil })
    }
}

/// What `/api/models/…/revision` says of a repository.
private struct Description: Decodable {
    struct Sibling: Decodable {
        struct Large: Decodable {
            var sha256: String?
            var size: Int?
        }

        var rfilename: String
        var size: Int?
        var blobId: String?
        var lfs: Large?

        var entry: HubEntry {
            HubEntry(
                path: rfilename, bytes: lfs?.size ?? size, sha256: lfs?.sha256?.asSHA256,
                gitBlob: lfs == nil ? blobId.flatMap { $0.isGitName ? $0 : nil } : nil)
        }
    }

    var siblings: [Sibling]
}

extension String {
    /// A SHA-256 as it is written here; `nil` where this is none.
    fileprivate var asSHA256: String? {
        let text = (hasPrefix("sha256:") ? String(dropFirst(7)) : self).lowercased()
        return text.isSHA256 ? text : nil
    }
}
