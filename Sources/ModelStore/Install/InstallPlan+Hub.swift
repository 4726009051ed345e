import Inference

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension InstallPlan {
    /// What a place on the hub means: a GGUF model, a Whisper model of whisper.cpp's, or a folder of usual files.
    ///
    /// - Throws: ``InstallError``, or `CancellationError`.
    static func hub(
        _ place: HubPlace, id: String, sha256: String? = nil, projector: CustomSource? = nil,
        capability: Capability? = nil, settings: DownloadSettings
    ) async throws -> InstallPlan {
        let repository = HubRepository(name: place.repository, revision: place.revision, settings: settings)
        let entries = try await entries(of: place, in: repository)
        let selection = try HubSelection(
            place, among: entries, kind: await kind(of: place, among: entries, in: repository))
        var plan = InstallPlan(id: id, selection, of: place, settings: settings)
        plan.capability = try selection.capability(capability, of: place)
        if let projector {
            guard case .gguf = selection.kind else {
                throw InstallError.invalidSource("\(place)", reason: "a projector goes with a GGUF model.")
            }
            plan.setProjector(try projector.file(named: id + ".projector.gguf", settings))
        } else if case .gguf(let found?) = selection.kind, capability != .embeddings {
            plan.setProjector(place.file(found, named: id + ".projector.gguf", settings))
        }
        if let sha256 {
            guard selection.files.count == 1 else {
                throw InstallError.invalidSource(
                    "\(place)", reason: "one SHA-256 cannot be that of \(selection.files.count) files.")
            }
            plan.alternatives[0].files[0].facts.sha256 = sha256
        }
        return plan
    }

    private init(id: String, _ selection: HubSelection, of place: HubPlace, settings: DownloadSettings) {
        let engine: InstalledModel.Engine =
            switch selection.kind {
            case .gguf: .llama
            case .ggml: .whisper
            case .folder(let folder): folder.engine
            }
        self.init(
            id: id, engine: engine, ownedBy: String(place.repository.prefix { $0 != "/" }),
            alternatives: ([selection] + selection.next).map { selection in
                let names = selection.names(id)
                let files = zip(selection.files, names).map { entry, name in place.file(entry, named: name, settings) }
                return Alternative(files: files, conversion: selection.conversion)
            })
    }

    private mutating func setProjector(_ file: File) {
        alternatives[0].files.append(file)
        projector = file.name
    }

    /// What the repository holds. A mirror that knows no lists is taken at the word of who names a file.
    private static func entries(of place: HubPlace, in repository: HubRepository) async throws -> [HubEntry] {
        do {
            return try await repository.files()
        } catch InstallError.notFound where place.namesModelFile {
            let path = place.path ?? ""
            return (SplitName(path)?.all() ?? [path]).map { HubEntry(path: $0) }
        }
    }

    /// What `config.json` says of the model's kind, where that matters.
    private static func kind(
        of place: HubPlace, among entries: [HubEntry], in repository: HubRepository
    ) async throws -> ModelKind? {
        let prefix = place.path.map { path in entries.contains { $0.path == path } ? "" : path + "/" } ?? ""
        let inside = entries.filter { $0.path.hasPrefix(prefix) }
        guard inside.contains(where: { $0.path == prefix + "config.json" }),
            inside.contains(where: { $0.path == prefix + "model.safetensors" }),
            !inside.contains(where: { $0.path.hasSuffix(".gguf") })
        else { return nil }
        let text = try await repository.text(of: prefix + "config.json", limit: ModelKind.sizeLimit)
        return ModelKind(Data(text))
    }
}

extension HubPlace {
    /// Whether it names a file that is a model by itself.
    fileprivate var namesModelFile: Bool {
        path.map { $0.hasSuffix(".gguf") || FileKind($0.lastPathComponent) == .ggml } ?? false
    }

    fileprivate func file(_ entry: HubEntry, named name: String, _ settings: DownloadSettings) -> InstallPlan.File {
        let source = HubFile(
            repository: repository, revision: revision, path: entry.path, settings: settings)
        return InstallPlan.File(name: name, source: source, facts: entry.facts)
    }
}

extension ModelFolder {
    var engine: InstalledModel.Engine { capability == .transcription ? .whisper : .openvino }
}

extension HubSelection {
    /// What the files are called where they are installed.
    fileprivate func names(_ id: String) -> [String] {
        switch kind {
        case .gguf: files.first.flatMap { SplitName($0.path) }?.all(stem: id) ?? [id + ".gguf"]
        case .ggml: ["ggml-\(id).bin"]
        case .folder(let folder): folder.files.map(\.name)
        }
    }

    fileprivate var conversion: ModelConversion? {
        guard case .folder(let folder) = kind else { return nil }
        return folder.conversion
    }

    /// What the model does, as far as it is known before its files are here.
    ///
    /// - Parameter wanted: what the user says that it does.
    fileprivate func capability(_ wanted: Capability?, of place: HubPlace) throws(InstallError) -> Capability? {
        let known: Capability?
        switch kind {
        case .gguf: known = wanted == .chat || wanted == .embeddings ? wanted : nil
        case .ggml: known = .transcription
        case .folder(let folder): known = folder.capability
        }
        guard wanted == nil || wanted == known else {
            let does = known?.rawValue ?? "chat or embeddings"
            throw .invalidSource("\(place)", reason: "its files are those of a model for \(does).")
        }
        return known
    }
}
