#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The models that can be installed by name.
public struct Catalogue: Sendable, Equatable {
    /// In the order in which they are shown.
    public var entries: [CatalogueEntry]

    public init(entries: [CatalogueEntry]) {
        self.entries = entries
    }

    /// The catalogue that came with this build.
    ///
    /// - Throws: `DecodingError` where the embedded file is not a catalogue.
    public static func builtIn() throws -> Catalogue {
        try decoded.get()
    }

    /// The entry of this id, or else of this alias, in any case of letters.
    public func entry(named name: String) -> CatalogueEntry? {
        let name = name.lowercased()
        return entries.first { $0.id == name } ?? entries.first { $0.aliases.contains(name) }
    }

    private static let decoded = Result {
        let file = try JSONDecoder().decode(CatalogueFile.self, from: Data(PackageResources.catalogue_json))
        return Catalogue(entries: file.models)
    }
}

/// The shape of `catalogue.json`.
private struct CatalogueFile: Decodable {
    var models: [CatalogueEntry]
}
