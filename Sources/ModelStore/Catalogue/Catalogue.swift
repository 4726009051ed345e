#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The models that can be installed by name.
public struct Catalogue: Sendable, Equatable {
    /// In the order in which they are shown.
    public var entries: [CatalogueEntry]
    /// What was left out of the user's own catalogues, and why: a sentence each, for people.
    public var notices: [String]

    public init(entries: [CatalogueEntry], notices: [String] = []) {
        self.entries = entries
        self.notices = notices
    }

    /// The catalogue that came with this build.
    ///
    /// - Throws: ``CatalogueError`` where the embedded file is not a catalogue.
    public static func builtIn() throws -> Catalogue {
        try decoded.get()
    }

    /// The entry of this id, or else of this alias, in any case of letters.
    public func entry(named name: String) -> CatalogueEntry? {
        let name = name.lowercased()
        return entries.first { $0.id == name } ?? entries.first { $0.aliases.contains(name) }
    }

    private static let decoded = Result {
        try Catalogue(json: Data(PackageResources.catalogue_json), name: "built-in")
    }
}

/// The shape of `catalogue.json`.
private struct CatalogueFile: Decodable {
    var models: [CatalogueEntry]
}

extension Catalogue {
    /// Reads a catalogue and checks each of its entries.
    ///
    /// - Parameter name: what the catalogue is called, for messages.
    /// - Throws: ``CatalogueError``.
    init(json: Data, name: String) throws(CatalogueError) {
        do {
            self.init(entries: try JSONDecoder().decode(CatalogueFile.self, from: json).models)
        } catch let error as DecodingError {
            throw .unreadable(catalogue: name, reason: error.place)
        } catch {
            throw .unreadable(catalogue: name, reason: "\(error)")
        }
        try check(name)
    }
}

extension DecodingError {
    /// Which value is wrong, and how, in a sentence.
    fileprivate var place: String {
        func path(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
            let path = (context.codingPath + (last.map { [$0] } ?? [])).reduce("") { path, key in
                if let index = key.intValue { return path + "[\(index)]" }
                return path.isEmpty ? key.stringValue : path + "." + key.stringValue
            }
            return path.isEmpty ? "the whole" : path
        }
        return switch self {
        case .keyNotFound(let key, let context): "\(path(context, key)) is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(path(context)) is of the wrong kind."
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "it is not JSON." : "\(path(context)) has a value that is not known."
        @unknown default: "\(self)"
        }
    }
}
