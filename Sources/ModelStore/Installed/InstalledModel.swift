public import Inference

/// A model whose files are on this machine, whole and checked. Its JSON is the model's `manifest.json`.
public struct InstalledModel: Sendable, Equatable, Codable, Identifiable {
    public enum Engine: String, Sendable, Codable {
        case llama
        case whisper
        case openvino
    }

    public var id: String
    /// Other names that requests may use, lower case.
    public var aliases: [String]
    public var capability: Capability
    /// The organisation that made the model; `user` for a model that the user brought.
    public var ownedBy: String
    public var engine: Engine
    /// When it was installed, in seconds since 1970.
    public var created: Int
    /// Never empty; the first is the one an engine is given.
    public var files: [InstalledFile]
    /// Which of the files makes the model see or hear; `nil` where none does.
    public var projector: String?
    public var license: String?
    /// Where the files came from, for people.
    public var source: String?
    /// Tokens of prompt and answer together that the model was trained for.
    public var contextLength: Int?
    /// The count of weights as people say it, such as `3.8B`.
    public var parameters: String?
    /// Whether the model was trained so that the first components of its vectors are vectors too, of a smaller length.
    public var shortensVectors: Bool
    /// The files that were fetched and converted at the install, and are not here any more.
    public var convertedFrom: [InstalledFile]

    /// ISO 639-1 codes of the languages that it was made for; `nil` where that does not apply, or is not known.
    public var languages: [String]?
    /// What it is good for, in a sentence.
    public var summary: String?
    /// Bytes of memory that it needs at work, where the catalogue or its files say so.
    public var statedMemoryBytes: Int?

    /// The folder of the files, absolute. Known from where the manifest lies, so it is not part of its JSON; a value
    /// that was decoded elsewhere has an empty one.
    public internal(set) var directory = ""

    /// The absolute path of one of ``files``.
    public func path(of file: InstalledFile) -> String {
        directory + "/" + file.name
    }

    /// The absolute path of the file that an engine is given.
    public var primaryFile: String {
        files.first.map(path(of:)) ?? directory
    }

    /// The absolute path of the file that makes the model see or hear; `nil` where it does neither.
    public var projectorFile: String? {
        projector.map { directory + "/" + $0 }
    }

    /// All files together.
    public var sizeBytes: Int {
        files.reduce(0) { $0 + $1.bytes }
    }

    public init(
        id: String, aliases: [String] = [], capability: Capability, ownedBy: String, engine: Engine, created: Int,
        files: [InstalledFile], projector: String? = nil, license: String? = nil, source: String? = nil,
        contextLength: Int? = nil, parameters: String? = nil, shortensVectors: Bool = false,
        convertedFrom: [InstalledFile] = [], languages: [String]? = nil, summary: String? = nil,
        statedMemoryBytes: Int? = nil, directory: String = ""
    ) {
        self.id = id
        self.aliases = aliases
        self.capability = capability
        self.ownedBy = ownedBy
        self.engine = engine
        self.created = created
        self.files = files
        self.projector = projector
        self.license = license
        self.source = source
        self.contextLength = contextLength
        self.parameters = parameters
        self.shortensVectors = shortensVectors
        self.convertedFrom = convertedFrom
        self.languages = languages
        self.summary = summary
        self.statedMemoryBytes = statedMemoryBytes
        self.directory = directory
    }

    private enum CodingKeys: String, CodingKey {
        case id, aliases, capability, ownedBy, engine, created, files, projector, license, source, contextLength
        case parameters, shortensVectors, convertedFrom, languages, summary
        case statedMemoryBytes = "memoryBytes"
    }

    /// Reads manifests of earlier versions too, which lack the members that came later.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        aliases = try container.decode([String].self, forKey: .aliases)
        capability = try container.decode(Capability.self, forKey: .capability)
        ownedBy = try container.decode(String.self, forKey: .ownedBy)
        engine = try container.decode(Engine.self, forKey: .engine)
        created = try container.decode(Int.self, forKey: .created)
        files = try container.decode([InstalledFile].self, forKey: .files)
        projector = try container.decodeIfPresent(String.self, forKey: .projector)
        license = try container.decodeIfPresent(String.self, forKey: .license)
        source = try container.decodeIfPresent(String.self, forKey: .source)
        contextLength = try container.decodeIfPresent(Int.self, forKey: .contextLength)
        parameters = try container.decodeIfPresent(String.self, forKey: .parameters)
        shortensVectors = try container.decodeIfPresent(Bool.self, forKey: .shortensVectors) ?? false
        convertedFrom = try container.decodeIfPresent([InstalledFile].self, forKey: .convertedFrom) ?? []
        languages = try container.decodeIfPresent([String].self, forKey: .languages)
        summary = try container.decodeIfPresent(String.self, forKey: .summary)
        statedMemoryBytes = try container.decodeIfPresent(Int.self, forKey: .statedMemoryBytes)
    }
}

/// One file of an installed model.
public struct InstalledFile: Sendable, Equatable, Codable {
    public var name: String
    public var bytes: Int
    /// Lower-case hexadecimal.
    public var sha256: String

    public init(name: String, bytes: Int, sha256: String) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
    }
}
