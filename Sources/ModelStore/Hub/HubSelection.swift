import Inference

/// Which files of a repository make the model that a place on the hub means.
struct HubSelection: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// A GGUF model, whole or in several files, with what makes it see or hear.
        case gguf(projector: HubEntry?)
        /// A Whisper model of whisper.cpp's.
        case ggml
        /// An embedding, upscaling or transcribing model in files of usual names.
        case folder(ModelFolder)
    }

    var kind: Kind
    /// In the order in which the model has them; for a folder, in that of its files.
    var files: [HubEntry]
    /// What may take the model's place, where its weights turn out not to be convertible.
    private(set) var next: [HubSelection] = []

    /// - Parameters:
    ///   - entries: all files of the repository.
    ///   - kind: what its `config.json` says of the model's kind.
    /// - Throws: ``InstallError/ambiguous(_:reason:choices:)`` where several models could be meant, or none.
    init(_ place: HubPlace, among entries: [HubEntry], kind: ModelKind?) throws(InstallError) {
        if let path = place.path, let entry = entries.first(where: { $0.path == path }),
            path.hasSuffix(".gguf") || FileKind(path.lastPathComponent) == .ggml
        {
            guard place.quantisation == nil else {
                throw .invalidSource("\(place)", reason: "it names a file, so it cannot name a quantisation too.")
            }
            self = try HubSelection(file: entry, of: place, among: entries)
            return
        }
        let inside = try Self.inside(place, entries)
        let models = inside.filter { $0.path.lowercased().hasSuffix(".gguf") && !$0.isProjector && !$0.isByWork }
        let whispers = inside.filter { FileKind($0.path.lastPathComponent) == .ggml && !$0.path.contains("encoder") }
        if !models.isEmpty {
            self = try HubSelection(models: models, of: place, among: entries)
        } else if !whispers.isEmpty {
            self = try HubSelection(whispers: whispers, of: place)
        } else {
            guard place.quantisation == nil else {
                throw .ambiguous(
                    "\(place)", reason: "has no GGUF files, so it cannot be chosen by quantisation.", choices: [])
            }
            self = try HubSelection(folder: place, among: inside, kind: kind)
        }
    }

    private init(kind: Kind, files: [HubEntry]) {
        self.kind = kind
        self.files = files
    }

    /// What lies in the folder that a place names; all, where it names none. A graph or a network names its folder.
    private static func inside(_ place: HubPlace, _ entries: [HubEntry]) throws(InstallError) -> [HubEntry] {
        guard let path = place.path else { return entries }
        if entries.contains(where: { $0.path == path }) { return entries }
        let inside = entries.filter { $0.path.hasPrefix(path + "/") }
        guard !inside.isEmpty else {
            throw .ambiguous(
                "hf:\(place.repository)", reason: "has no file or folder '\(path)' at '\(place.revision)'.",
                choices: Array(entries.map(\.path).prefix(40)))
        }
        return inside
    }

    private init(file: HubEntry, of place: HubPlace, among entries: [HubEntry]) throws(InstallError) {
        guard file.path.hasSuffix(".gguf") else {
            self.init(kind: .ggml, files: [file])
            return
        }
        self.init(
            kind: .gguf(projector: file.isProjector ? nil : Self.projector(for: file, among: entries)),
            files: try Self.whole(file, among: entries))
    }

    /// One of several GGUF models.
    private init(models: [HubEntry], of place: HubPlace, among entries: [HubEntry]) throws(InstallError) {
        // A model in several files stands for all of them by its first.
        let firsts = models.filter { (SplitName($0.path)?.number ?? 1) == 1 }
        let wanted: [HubEntry]
        if let name = place.quantisation {
            let plain = name.uppercased()
            wanted = firsts.filter { entry in
                Quantisation.of(entry.path) == plain
                    || entry.path.lastPathComponent.lowercased() == name.lowercased()
                    || entry.path.lastPathComponent.lowercased() == name.lowercased() + ".gguf"
            }
            guard !wanted.isEmpty else {
                throw .ambiguous(
                    "hf:\(place.repository)", reason: "has no GGUF file of the quantisation '\(name)'.",
                    choices: Self.choices(firsts))
            }
        } else {
            let best = Quantisation.preferred.lazy
                .map { name in firsts.filter { Quantisation.of($0.path) == name } }.first { !$0.isEmpty }
            wanted = best ?? firsts
        }
        guard wanted.count == 1, let first = wanted.first else {
            throw .ambiguous(
                "\(place)",
                reason: "has several GGUF files that could be meant. Name one, as "
                    + "hf:\(place.repository)/FILE, or its quantisation, as hf:\(place.repository):Q4_K_M.",
                choices: wanted.map(\.path))
        }
        try self.init(file: first, of: place, among: entries)
    }

    private static func choices(_ entries: [HubEntry]) -> [String] {
        var seen: Set<String> = []
        return entries.map { Quantisation.of($0.path) ?? $0.path }.filter { seen.insert($0).inserted }
    }

    private init(whispers: [HubEntry], of place: HubPlace) throws(InstallError) {
        func short(_ entry: HubEntry) -> String {
            String(entry.path.lastPathComponent.dropFirst("ggml-".count).dropLast(".bin".count))
        }
        let wanted = place.quantisation.map { name in whispers.filter { short($0) == name.lowercased() } } ?? whispers
        guard wanted.count == 1 else {
            throw .ambiguous(
                "\(place)", reason: "has several Whisper models. Name one, as hf:\(place.repository):NAME.",
                choices: whispers.map(short))
        }
        self.init(kind: .ggml, files: wanted)
    }

    private init(folder place: HubPlace, among entries: [HubEntry], kind: ModelKind?) throws(InstallError) {
        let prefix =
            place.path.map { path in entries.contains { $0.path == path } ? "" : path + "/" } ?? ""
        let chosen = place.path.flatMap { path in entries.contains { $0.path == path } ? path : nil }
        let listing = FolderListing(
            name: "\(place)", files: Set(entries.map { String($0.path.dropFirst(prefix.count)) }), chosen: chosen,
            kind: { kind })
        var selections = try ModelFolder.all(listing).map { folder in
            let files = folder.files.compactMap { file in entries.first { $0.path == prefix + file.path } }
            return HubSelection(kind: .folder(folder), files: files)
        }
        self = selections.removeFirst()
        next = selections
    }

    /// All files of a model that is kept in several.
    private static func whole(_ file: HubEntry, among entries: [HubEntry]) throws(InstallError) -> [HubEntry] {
        guard let split = SplitName(file.path) else { return [file] }
        let found = split.all().map { path in (path, entries.first { $0.path == path }) }
        let missing = found.filter { $0.1 == nil }.map(\.0)
        guard missing.isEmpty else {
            throw .invalidSource(
                file.path,
                reason: "the repository lacks further files of the model: \(missing.joined(separator: ", ")).")
        }
        return found.compactMap(\.1)
    }

    /// What makes a model see or hear: the best there is, first in its own folder.
    private static func projector(for model: HubEntry, among entries: [HubEntry]) -> HubEntry? {
        let all = entries.filter { $0.isProjector && SplitName($0.path) == nil }
        let beside = all.filter { $0.path.parentFolder == model.path.parentFolder }
        let candidates = beside.isEmpty ? all : beside
        let best = Quantisation.preferredOfProjectors.lazy
            .compactMap { name in candidates.first { Quantisation.of($0.path) == name } }.first
        return best ?? candidates.first
    }
}

extension HubEntry {
    /// Whether this is what makes another file's model see or hear.
    fileprivate var isProjector: Bool {
        let name = path.lastPathComponent.lowercased()
        return name.contains("mmproj") && name.hasSuffix(".gguf")
    }

    /// Whether this is what quantisers leave beside their models.
    fileprivate var isByWork: Bool {
        path.lastPathComponent.lowercased().contains("imatrix")
    }
}
