/// One install, from the lock to the rename.
struct Installation: Sendable {
    let plan: InstallPlan
    /// The models folder.
    let models: String
    let progress: @Sendable (InstallProgress) -> Void

    private var staging: StagingArea { StagingArea(models: models, id: plan.id) }
    private var target: String { models + "/" + plan.id }

    /// - Throws: ``InstallError``, or `CancellationError`.
    func run() async throws -> InstalledModel {
        do {
            return try await underLock()
        } catch let error as FileError {
            throw InstallError.file(error)
        }
    }

    private func underLock() async throws -> InstalledModel {
        try staging.prepare()
        let lock = try await FileLock.wait(staging.lockFile) { progress(InstallProgress(phase: .waiting)) }
        let result: Result<InstalledModel, any Error>
        do {
            result = .success(try await installFromAlternatives())
        } catch {
            result = .failure(error)
        }
        lock.releaseAndRemove()
        return try result.get()
    }

    private func installFromAlternatives() async throws -> InstalledModel {
        var failure: InstallError?
        for files in plan.alternatives {
            do {
                return try await install(files)
            } catch let error as InstallError where error.mayTryNextSource {
                // The first source is the one to be told of: the others stand in for it.
                failure = failure ?? error
            }
        }
        throw failure ?? .invalidSource(plan.id, reason: "it has no source.")
    }

    private func install(_ files: [InstallPlan.File]) async throws -> InstalledModel {
        if let installed = try installedAlready(files) { return installed }
        progress(InstallProgress(phase: .resolving))
        var files = files
        for index in files.indices where files[index].facts.bytes == nil || files[index].facts.sha256 == nil {
            files[index].facts = files[index].facts.completed(by: try await files[index].source.facts())
        }
        if let installed = try installedAlready(files) { return installed }
        if itemExists(target), (try? Manifest.read(folder: target)) != nil {
            throw InstallError.alreadyInstalled(id: plan.id)
        }
        try makeFolder(staging.folder)
        try checkSpace(files)
        do {
            return try commit(try await fetch(files), from: files)
        } catch let error as InstallError where !error.leavesUsefulBytes {
            try staging.discard()
            throw error
        }
    }

    /// The installed model of this id where it is the one that is asked for: by the digests where they are known, else
    /// by the place that its files came from.
    private func installedAlready(_ files: [InstallPlan.File]) throws(FileError) -> InstalledModel? {
        guard itemExists(target), let model = try? Manifest.read(folder: target) else { return nil }
        guard model.files.count == files.count, model.projector == plan.projector else { return nil }
        let same = zip(model.files, files).allSatisfy { installed, wanted in
            if let digest = wanted.facts.sha256 { return digest == installed.sha256 }
            return wanted.source.isStable && model.source == wanted.source.description
        }
        return same ? model : nil
    }

    private func checkSpace(_ files: [InstallPlan.File]) throws {
        let missing = files.reduce(0) { sum, file in
            let here = fileSize(staging.partPath(file.name)) ?? fileSize(staging.path(file.name)) ?? 0
            return sum + max(0, (file.facts.bytes ?? 0) - here)
        }
        let free = try freeSpace(staging.folder)
        guard missing <= free else {
            throw InstallError.notEnoughSpace(needed: missing, free: free, folder: models)
        }
    }

    private func fetch(_ files: [InstallPlan.File]) async throws -> [InstalledFile] {
        let sizes = files.map(\.facts.bytes)
        let total = sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) }
        var fetched: [InstalledFile] = []
        for file in files {
            let before = fetched.reduce(0) { $0 + $1.bytes }
            let report = progress
            report(InstallProgress(phase: .downloading, bytesDone: before, bytesTotal: total))
            let part = staging.partPath(file.name)
            let result = try await file.source.fetch(into: part, expected: file.facts) { bytes in
                report(InstallProgress(phase: .downloading, bytesDone: before + bytes, bytesTotal: total))
            }
            report(InstallProgress(phase: .verifying, bytesDone: before + result.bytes, bytesTotal: total))
            try check(result, of: file, at: part)
            try synchronise(part)
            try renameItem(part, to: staging.path(file.name))
            fetched.append(InstalledFile(name: file.name, bytes: result.bytes, sha256: result.sha256))
        }
        return fetched
    }

    private func check(_ result: FetchedFile, of file: InstallPlan.File, at path: String) throws(InstallError) {
        if let expected = file.facts.bytes, expected != result.bytes {
            throw .wrongSize(file: file.name, expected: expected, actual: result.bytes)
        }
        if let expected = file.facts.sha256, expected != result.sha256 {
            throw .wrongDigest(file: file.name, expected: expected, actual: result.sha256)
        }
        if plan.engine == .llama { try GGUF.check(path, name: file.name) }
    }

    private func commit(_ files: [InstalledFile], from planned: [InstallPlan.File]) throws -> InstalledModel {
        let size = files.reduce(0) { $0 + $1.bytes }
        progress(InstallProgress(phase: .installing, bytesDone: size, bytesTotal: size))
        var model = InstalledModel(
            id: plan.id, aliases: plan.aliases, capability: plan.capability, ownedBy: plan.ownedBy,
            engine: plan.engine, created: currentTime(), files: files, projector: plan.projector, license: plan.license,
            source: planned.first?.source.description, contextLength: plan.contextLength, parameters: plan.parameters)
        try staging.removeAll(except: Set(files.map(\.name)))
        let manifest = staging.path(Manifest.fileName)
        try Manifest.write(model, to: manifest)
        try synchronise(manifest)
        try synchronise(staging.folder)
        // A folder that is no model, or one whose files were lost, gives way; a whole one never comes this far.
        if itemExists(target) { try remove(target) }
        try renameItem(staging.folder, to: target)
        try synchronise(models)
        model.directory = target
        return model
    }
}
