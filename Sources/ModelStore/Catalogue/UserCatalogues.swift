import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The catalogues that a user has added, each with the bytes that it had then: a catalogue says which digests models
/// must have, so it may not change under the user's hands.
public struct UserCatalogues: Sendable {
    private static let contentName = "catalogue.json"
    private static let recordName = "record.json"
    /// A larger file is no catalogue.
    private static let sizeLimit = 16 << 20

    private let folder: String
    private let settings: DownloadSettings
    private let builtIn: Catalogue?

    /// - Parameter builtIn: the catalogue whose names are taken already; `nil` is the one that came with this build.
    public init(home: Home, settings: DownloadSettings = DownloadSettings(), builtIn: Catalogue? = nil) {
        folder = home.root + "/catalogues"
        self.settings = settings
        self.builtIn = builtIn
    }

    /// Adds a catalogue, whole or not at all: it is fetched, held against its digest, and checked entry by entry.
    ///
    /// - Parameters:
    ///   - location: a path, or an `http` or `https` address.
    ///   - sha256: 64 hexadecimal digits that the file must have; `nil` pins what it has now.
    ///   - name: what it is removed by; `nil` takes the name of the file.
    /// - Returns: the catalogue; the one that is there, where it has the same bytes.
    /// - Throws: ``CatalogueError``, ``InstallError`` where it cannot be fetched, or ``FileError``.
    public func add(location: String, sha256: String? = nil, name: String? = nil) async throws -> UserCatalogue {
        let sha256 = sha256?.lowercased()
        if let sha256, !sha256.isSHA256 { throw CatalogueError.invalidDigest(sha256) }
        let name = try name.map { try checked($0) } ?? derivedName(location)
        let (place, content) = try await fetch(location)
        let digest = SHA256.hash(data: content).hexadecimal
        if let sha256, sha256 != digest {
            throw CatalogueError.wrongDigest(catalogue: name, expected: sha256, actual: digest)
        }
        let others = try list()
        if let old = others.first(where: { $0.id == name }) {
            guard old.sha256 == digest else {
                throw CatalogueError.alreadyAdded(name: name, pinned: old.sha256, actual: digest)
            }
            if isWhole(old) { return old }
        }
        let catalogue = try Catalogue(json: Data(content), name: name)
        try refuseTakenNames(of: catalogue, named: name)
        let record = UserCatalogue(
            id: name, location: place, sha256: digest, added: currentTime(), models: catalogue.entries.map(\.id))
        try write(record, content)
        return record
    }

    /// All that have been added, the first one first.
    ///
    /// - Throws: ``FileError`` where the folder cannot be read. One that is not there holds none.
    public func list() throws -> [UserCatalogue] {
        guard itemExists(folder) else { return [] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw FileError("Could not list the catalogues in \(folder): \(error).")
        }
        return names.filter { !$0.hasPrefix(".") }
            .compactMap { name in
                let record = FileManager.default.contents(atPath: "\(folder)/\(name)/\(Self.recordName)")
                    .flatMap { try? JSONDecoder().decode(UserCatalogue.self, from: $0) }
                return record?.id == name ? record : nil
            }
            .sorted { ($0.added, $0.id) < ($1.added, $1.id) }
    }

    /// Removes a catalogue. Models that were installed from it stay.
    ///
    /// - Throws: ``CatalogueError/unknown(name:known:)`` where there is none of this name, or ``FileError``.
    public func remove(_ name: String) throws {
        let known = try list().map(\.id)
        guard known.contains(name) else { throw CatalogueError.unknown(name: name, known: known) }
        // Out of sight at once, by one rename.
        let staging = "\(folder)/.removed-\(name)"
        try removeItem(staging)
        try renameItem("\(folder)/\(name)", to: staging)
        try removeItem(staging)
    }

    /// A catalogue with the entries of the user's own after its own. What cannot be used is left out, and said so in
    /// its notices.
    ///
    /// - Throws: ``FileError`` where the folder cannot be read.
    func merged(after base: Catalogue) throws -> Catalogue {
        var whole = base
        for record in try list() {
            do {
                let entries = try load(record).entries
                for entry in entries {
                    if let owner = whole.owner(ofAnyNameOf: entry) {
                        whole.notices.append(
                            "The entry '\(entry.id)' of the catalogue '\(record.id)' is left out: '\(owner)' has one of "
                                + "its names already.")
                    } else {
                        whole.entries.append(entry)
                    }
                }
            } catch let error as CatalogueError {
                whole.notices.append(error.description)
            }
        }
        return whole
    }

    private func load(_ record: UserCatalogue) throws -> Catalogue {
        let path = "\(folder)/\(record.id)/\(Self.contentName)"
        guard let content = FileManager.default.contents(atPath: path) else {
            throw CatalogueError.unreadable(catalogue: record.id, reason: "its file is gone.")
        }
        let digest = SHA256.hash(data: content).hexadecimal
        guard digest == record.sha256 else {
            throw CatalogueError.wrongDigest(catalogue: record.id, expected: record.sha256, actual: digest)
        }
        return try Catalogue(json: content, name: record.id)
    }

    private func isWhole(_ record: UserCatalogue) -> Bool {
        (try? load(record)) != nil
    }

    /// - Returns: the place as it is written down, and the bytes.
    private func fetch(_ location: String) async throws -> (String, [UInt8]) {
        let source = try CustomSource(location)
        switch source.location {
        case .url(let url):
            let file = RemoteFile(url: url, settings: settings)
            return (
                file.description,
                try await SmallFile(
                    url: url, authorization: settings.authorization(for: url), settings: settings,
                    description: file.description
                )
                .read(limit: Self.sizeLimit)
            )
        case .file(let path):
            let path = path.absolutePath
            guard let size = fileSize(path) else {
                throw itemExists(path)
                    ? InstallError.invalidSource(path, reason: "it is not a file.") : InstallError.notFound(path)
            }
            guard size <= Self.sizeLimit, let content = FileManager.default.contents(atPath: path) else {
                throw InstallError.invalidSource(path, reason: "it is too large for a catalogue, or may not be read.")
            }
            return (path, Array(content))
        case .hub:
            throw InstallError.invalidSource(location, reason: "a catalogue is a file, or an http or https address.")
        }
    }

    private func checked(_ name: String) throws(CatalogueError) -> String {
        guard let identifier = try? ModelIdentifier(name) else { throw .invalidName(name) }
        return identifier.name
    }

    /// The file's name without its ending, as far as it may stay.
    private func derivedName(_ location: String) throws(CatalogueError) -> String {
        let path = String(location.prefix { $0 != "?" && $0 != "#" })
        var name = path.lastPathComponent.lowercased()
        if name.hasSuffix(".json") { name.removeLast(".json".count) }
        let bytes = name.utf8.map { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || ".-_".utf8.contains(byte)
                ? byte : UInt8(ascii: "-")
        }
        let kept = bytes.drop { ".-_".utf8.contains($0) }.prefix(64)
        return try checked(kept.isEmpty ? "catalogue" : String(decoding: kept, as: UTF8.self))
    }

    /// - Throws: ``CatalogueError/invalidEntry(catalogue:entry:reason:)`` where a name is that of another model: a
    ///   catalogue never changes in silence what a name means.
    private func refuseTakenNames(of catalogue: Catalogue, named name: String) throws {
        var known = try builtIn ?? .builtIn()
        known.notices = []
        let before = try merged(after: known)
        for entry in catalogue.entries {
            guard let owner = before.owner(ofAnyNameOf: entry) else { continue }
            let isBuiltIn = known.entries.contains { $0.id == owner }
            throw CatalogueError.invalidEntry(
                catalogue: name, entry: entry.id,
                reason: "one of its names is taken by '\(owner)', a model of "
                    + (isBuiltIn ? "the built-in catalogue" : "another catalogue") + ". Give it names of its own.")
        }
    }

    private func write(_ record: UserCatalogue, _ content: [UInt8]) throws {
        let staging = "\(folder)/.added-\(record.id)"
        try removeItem(staging)
        try makeFolder(staging)
        try writeFile(staging + "/" + Self.contentName, content)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try writeFile(staging + "/" + Self.recordName, Array(encoder.encode(record)))
        let target = "\(folder)/\(record.id)"
        // Only one that is damaged is there.
        try removeItem(target)
        try renameItem(staging, to: target)
        try synchronise(folder)
    }
}

extension Catalogue {
    /// The id of the entry that has one of another's names; `nil` where all are free.
    fileprivate func owner(ofAnyNameOf entry: CatalogueEntry) -> String? {
        ([entry.id] + entry.aliases).lazy.compactMap { self.entry(named: $0)?.id }.first
    }
}
