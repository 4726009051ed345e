import ModelImport
import SystemSupport

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
        reportFileSizeLimitAsError()
        do {
            return try await underLock()
        } catch let error as FileError {
            throw error.isForWantOfRoom ? InstallError.noRoomLeft(folder: models) : InstallError.file(error)
        } catch InstallError.noRoomLeft {
            throw InstallError.noRoomLeft(folder: models)
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
        for alternative in plan.alternatives {
            if let installed = try installedAlready(alternative) { return installed }
        }
        var failures: [InstallError] = []
        var conflict: InstallError?
        for alternative in plan.alternatives {
            do {
                return try await install(alternative)
            } catch let error as InstallError where error.mayTryNextSource {
                failures.append(error)
            } catch InstallError.alreadyInstalled(let id) {
                // What is there may be of another source of this model.
                conflict = .alreadyInstalled(id: id)
            }
        }
        if let conflict { throw conflict }
        guard failures.count < 2 else { throw InstallError.allSourcesFailed(id: plan.id, reasons: failures) }
        throw failures.first ?? .invalidSource(plan.id, reason: "it has no source.")
    }

    private func install(_ alternative: InstallPlan.Alternative) async throws -> InstalledModel {
        progress(InstallProgress(phase: .resolving))
        var alternative = alternative
        let isInPlace = try modelInPlace() != nil
        for index in alternative.files.indices {
            let file = alternative.files[index]
            guard file.facts.bytes == nil || (file.facts.sha256 ?? file.facts.gitBlob) == nil else { continue }
            let known = try await file.source.facts(readingContent: isInPlace)
            alternative.files[index].facts = file.facts.completed(by: known)
        }
        if let installed = try installedAlready(alternative) { return installed }
        // One of the same files that was converted before its conversion made all that it makes today is made anew.
        if let other = try modelInPlace(), !isMade(other, of: alternative) {
            throw InstallError.alreadyInstalled(id: plan.id)
        }
        try makeFolder(staging.folder)
        try checkSpace(alternative)
        do {
            let fetched = try await fetch(alternative.files)
            return try commit(try convert(fetched, by: alternative.conversion), of: alternative)
        } catch let error as InstallError where !error.leavesUsefulBytes {
            try staging.discard()
            throw error
        }
    }

    /// The installed model of this id where it is the one that is asked for: by the digests where they are known, else
    /// by the place that its files came from.
    private func installedAlready(_ wanted: InstallPlan.Alternative) throws(FileError) -> InstalledModel? {
        guard let model = try modelInPlace(), isMade(model, of: wanted) else { return nil }
        let results = wanted.conversion?.results ?? []
        return results.allSatisfy { name in model.files.contains { $0.name == name } } ? model : nil
    }

    private func modelInPlace() throws(FileError) -> InstalledModel? {
        itemExists(target) ? try? Manifest.read(folder: target) : nil
    }

    private func isMade(_ model: InstalledModel, of wanted: InstallPlan.Alternative) -> Bool {
        guard model.projector == plan.projector, plan.capability ?? model.capability == model.capability else {
            return false
        }
        let made = wanted.conversion?.results ?? []
        let here = model.files.filter { !made.contains($0.name) } + model.convertedFrom
        guard here.count == wanted.files.count else { return false }
        let isOfThisSource = model.source == wanted.files.first?.source.description
        return wanted.files.allSatisfy { file in
            guard let installed = here.first(where: { $0.name == file.name }) else { return false }
            if let digest = file.facts.sha256 { return digest == installed.sha256 }
            return file.source.isStable && isOfThisSource
        }
    }

    private func checkSpace(_ alternative: InstallPlan.Alternative) throws {
        let missing = alternative.files.reduce(0) { sum, file in
            let size = file.facts.bytes ?? 0
            let here = allocatedSize(staging.partPath(file.name)) ?? fileSize(staging.path(file.name)) ?? 0
            // What is converted is there twice for a while, in both of its forms.
            return sum + max(0, size - here) + (alternative.keeps(file.name) ? 0 : size)
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
        var keptBefore = 0
        for file in files {
            let before = fetched.reduce(0) { $0 + $1.bytes }
            let (report, kept) = (progress, keptBefore)
            report(
                InstallProgress(
                    phase: .downloading, bytesDone: before, bytesTotal: total, bytesKept: kept, file: file.name))
            if let here = try fetchedEarlier(file) {
                fetched.append(here)
                keptBefore += here.bytes
                continue
            }
            let part = staging.partPath(file.name)
            let ofFile = Locked(0)
            let result = try await file.source.fetch(into: part, expected: file.facts) { fetch in
                ofFile.withLock { $0 = fetch.kept }
                report(
                    InstallProgress(
                        phase: .downloading, bytesDone: before + fetch.bytes,
                        bytesTotal: total ?? (files.count == 1 ? fetch.total : nil),
                        bytesKept: kept + fetch.kept, file: file.name, pause: fetch.pause))
            }
            keptBefore += ofFile.withLock { $0 }
            report(
                InstallProgress(
                    phase: .verifying, bytesDone: before + result.bytes, bytesTotal: total, bytesKept: keptBefore,
                    file: file.name))
            try check(result, of: file, at: part)
            try synchronise(part)
            try renameItem(part, to: staging.path(file.name))
            fetched.append(InstalledFile(name: file.name, bytes: result.bytes, sha256: result.sha256))
        }
        return fetched
    }

    /// The file where an interrupted install has brought all of it.
    private func fetchedEarlier(_ file: InstallPlan.File) throws -> InstalledFile? {
        guard let expected = file.facts.sha256, fileSize(staging.path(file.name)) != nil else { return nil }
        let measured = try digest(ofFile: staging.path(file.name))
        guard measured.sha256 == expected else { return nil }
        return InstalledFile(name: file.name, bytes: measured.bytes, sha256: measured.sha256)
    }

    private func check(_ result: FetchedFile, of file: InstallPlan.File, at path: String) throws {
        if let expected = file.facts.bytes, expected != result.bytes {
            throw InstallError.wrongSize(file: file.name, expected: expected, actual: result.bytes)
        }
        if let expected = file.facts.sha256, expected != result.sha256 {
            throw InstallError.wrongDigest(file: file.name, expected: expected, actual: result.sha256)
        }
        if file.facts.sha256 == nil, let expected = file.facts.gitBlob {
            let actual = try sha1(ofFile: path, asGitBlob: true)
            // Mirrors state the SHA-1 of the bytes alone.
            guard try actual == expected || sha1(ofFile: path, asGitBlob: false) == expected else {
                throw InstallError.wrongDigest(file: file.name, expected: expected, actual: actual)
            }
        }
        try FileKind(file.name).check(path, name: file.name)
    }

    /// The files that an engine is given, and those that they were made of.
    private struct ModelFiles {
        var files: [InstalledFile]
        var convertedFrom: [InstalledFile] = []
    }

    private func convert(_ fetched: [InstalledFile], by conversion: ModelConversion?) throws -> ModelFiles {
        guard let conversion else { return ModelFiles(files: fetched) }
        let size = fetched.reduce(0) { $0 + $1.bytes }
        progress(InstallProgress(phase: .converting, bytesDone: size, bytesTotal: size))
        let output = staging.conversionFolder
        try removeItem(output)
        try makeFolder(output)
        do throws(ModelImportError) {
            try conversion.run(fetched.map(\.name), in: staging.folder, into: output)
        } catch {
            // Of what could not be read or written, another source would be no better.
            guard error.kind == .malformed || error.kind == .unsupported else {
                throw InstallError.conversionFailed(reason: error.message)
            }
            throw InstallError.notConvertible(reason: error.message)
        }
        var files: [InstalledFile] = []
        for name in conversion.results {
            let made = try digest(ofFile: output + "/" + name)
            try synchronise(output + "/" + name)
            try renameItem(output + "/" + name, to: staging.path(name))
            files.append(InstalledFile(name: name, bytes: made.bytes, sha256: made.sha256))
        }
        return ModelFiles(
            files: files + fetched.filter { !conversion.usesUp($0.name) },
            convertedFrom: fetched.filter { conversion.usesUp($0.name) })
    }

    private func commit(_ made: ModelFiles, of alternative: InstallPlan.Alternative) throws -> InstalledModel {
        let size = made.files.reduce(0) { $0 + $1.bytes }
        progress(InstallProgress(phase: .installing, bytesDone: size, bytesTotal: size))
        let primary = made.files.first.map { staging.path($0.name) } ?? staging.folder
        let file = plan.engine == .llama ? GGUF.description(primary) : GGUF.Description()
        let memory = plan.memoryBytes ?? MemoryNeed.ofLlama(file, fileBytes: size)
        var model = InstalledModel(
            id: plan.id, aliases: plan.aliases, capability: plan.capability ?? file.capability,
            ownedBy: plan.ownedBy, engine: plan.engine, created: currentTime(), files: made.files,
            projector: plan.projector, license: plan.license ?? file.license,
            source: alternative.files.first?.source.description,
            contextLength: plan.contextLength ?? file.contextLength, parameters: plan.parameters ?? file.sizeLabel,
            shortensVectors: plan.shortensVectors, convertedFrom: made.convertedFrom,
            languages: plan.languages ?? file.languages, summary: plan.summary, statedMemoryBytes: memory)
        try staging.removeAll(except: Set(made.files.map(\.name)))
        let manifest = staging.path(Manifest.fileName)
        try Manifest.write(model, to: manifest)
        try synchronise(manifest)
        try synchronise(staging.folder)
        // A folder that is no model, or one whose files were lost, gives way; a whole one never comes this far.
        if itemExists(target) { try removeItem(target) }
        try renameItem(staging.folder, to: target)
        try synchronise(models)
        model.directory = target
        return model
    }
}
