extension Catalogue {
    /// Looks at every entry before any of them is used, so that a slip is found when a catalogue is read and not when
    /// a model is installed.
    ///
    /// - Parameter name: what the catalogue is called, for messages.
    /// - Throws: ``CatalogueError/invalidEntry(catalogue:entry:reason:)``, for the first entry that is wrong.
    func check(_ name: String) throws(CatalogueError) {
        var owners: [String: String] = [:]
        for entry in entries {
            if let fault = entry.fault { throw .invalidEntry(catalogue: name, entry: entry.id, reason: fault) }
            for own in [entry.id] + entry.aliases {
                if let owner = owners[own] {
                    let reason =
                        "its name '\(own)' is " + (owner == entry.id ? "there twice." : "that of '\(owner)' too.")
                    throw .invalidEntry(catalogue: name, entry: entry.id, reason: reason)
                }
                owners[own] = entry.id
            }
        }
    }
}

extension CatalogueEntry {
    /// What is wrong with the entry, in a sentence; `nil` where nothing is.
    var fault: String? {
        guard let identifier = try? ModelIdentifier(id), identifier.name == id else {
            return
                "its id must have 1 to 64 of the characters a–z, 0–9, '.', '_' and '-', beginning with a letter or digit."
        }
        for alias in aliases where alias.isEmpty || alias != alias.lowercased() || alias.utf8.count > 200 {
            return "its alias '\(alias)' must be in lower case, and not be empty."
        }
        if let bytes = sizeBytes, bytes <= 0 { return "its size must be a number of bytes above 0." }
        if let bytes = memoryBytes, bytes <= 0 { return "its memory must be a number of bytes above 0." }
        if let length = contextLength, length <= 0 { return "its context length must be above 0." }
        if let kind = hardware?.first(where: { !["cpu", "gpu", "npu"].contains($0) }) {
            return "its hardware '\(kind)' is none of cpu, gpu and npu."
        }
        if let homepage, !homepage.hasPrefix("https://"), !homepage.hasPrefix("http://") {
            return "its homepage must be an http or https address."
        }
        guard !sources.isEmpty else { return "it names no source." }
        return sources.lazy.compactMap { fault(of: $0) }.first
    }

    private func fault(of source: Source) -> String? {
        guard !source.files.isEmpty else { return "one of its sources names no files." }
        let names = source.files.map(\.name)
        if let name = names.first(where: { !Manifest.isPlainFileName($0) }) {
            return "'\(name)' is not a plain file name."
        }
        guard Set(names).count == names.count else { return "two of its files have the same name." }
        if let projector, !names.dropFirst().contains(projector) {
            return "its projector '\(projector)' is none of its further files."
        }
        guard source.conversion?.accepts(names) ?? true else { return "it has not the files for its conversion." }
        for file in source.files {
            if let bytes = file.bytes, bytes < 0 { return "the size of '\(file.name)' is below 0." }
            if let digest = file.sha256, !digest.isSHA256 {
                return "the SHA-256 of '\(file.name)' must have 64 lower-case hexadecimal digits."
            }
            guard !file.path.isEmpty, !file.path.hasPrefix("/"), !file.path.split(separator: "/").contains("..") else {
                return "the path '\(file.path)' must lie in its source."
            }
        }
        switch source.origin {
        case .hub(let repository, let revision):
            guard HubPlace.isRepository(repository) else { return "'\(repository)' is not owner/name of a repository." }
            guard !revision.isEmpty else { return "the revision of '\(repository)' is empty." }
        case .wheel(let wheel):
            guard wheel.sha256.isSHA256 else {
                return "the SHA-256 of the package '\(wheel.package)' must have 64 lower-case hexadecimal digits."
            }
        case .web(let address):
            guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
                return "'\(address)' is not an http or https address."
            }
        }
        return nil
    }
}

extension String {
    /// Whether this is a SHA-256 as catalogues and manifests write it.
    var isSHA256: Bool {
        utf8.count == 64 && utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
