import Inference

/// The models of one home: which are installed, and how they come and go.
///
/// Any number of processes may use one home at once: a model is there whole or not at all, and what one process
/// installs the others see at their next call.
public struct ModelStore: Sendable {
    public let home: Home
    private let base: Catalogue?
    let settings: DownloadSettings
    private let index: ModelIndex

    /// - Parameters:
    ///   - settings: how files are fetched by ``install(_:progress:)``.
    ///   - catalogue: what can be installed by name, beside the user's own catalogues; `nil` is what came with this
    ///     build.
    public init(home: Home, settings: DownloadSettings = DownloadSettings(), catalogue: Catalogue? = nil) {
        self.home = home
        self.settings = settings
        base = catalogue
        self.index = ModelIndex(folder: home.models)
    }

    /// All installed models, sorted by id.
    ///
    /// - Throws: ``FileError`` where the models folder cannot be read. One that is not there holds no model.
    public func installed() throws(FileError) -> [InstalledModel] {
        try index.content().models
    }

    /// Folders among the models that cannot be used, and why; sorted by name.
    public func damaged() throws(FileError) -> [DamagedModel] {
        try index.content().damaged
    }

    /// The installed model of this id, or else of this alias, in any case of letters. One `stat` where nothing has
    /// changed since the last call.
    public func resolve(_ name: String) throws(FileError) -> InstalledModel? {
        let names = try index.content().byName
        return names[name] ?? names[name.lowercased()]
    }

    /// All that can be installed by name: the built-in catalogue, then the user's own. What of those cannot be used is
    /// left out and told in ``Catalogue/notices``.
    ///
    /// - Throws: ``CatalogueError`` where the built-in one is broken, or ``FileError``.
    public func catalogue() throws -> Catalogue {
        try catalogues.merged(after: base ?? .builtIn())
    }

    /// The catalogues that the user has added.
    public var catalogues: UserCatalogues {
        UserCatalogues(home: home, settings: settings, builtIn: base)
    }

    /// Installs a model: fetches its files, checks them, and moves them in. An interrupted install goes on where it
    /// stopped; one that another process has begun is awaited instead of done twice.
    ///
    /// - Parameter progress: called often, from any thread, one call at a time.
    /// - Returns: the model; the installed one as it is, where the request is for the same files.
    /// - Throws: ``InstallError``, or `CancellationError`.
    public func install(
        _ request: InstallRequest, progress: @escaping @Sendable (InstallProgress) -> Void = { _ in }
    ) async throws -> InstalledModel {
        try await HTTPTransport.with(settings) { _ in
            let plan = try await InstallPlan.make(request, catalogue: catalogue(), settings: settings)
            return try await Installation(plan: plan, models: home.models, progress: progress).run()
        }
    }

    /// Removes an installed model, and what an interrupted install of it left. A process that has its files open
    /// keeps them until it closes them.
    ///
    /// - Throws: ``InferenceError`` of kind `modelNotFound` where no such model is installed, or ``InstallError``.
    public func uninstall(id: String) throws {
        let identifier = try ModelIdentifier(id)
        let staging = StagingArea(models: home.models, id: identifier.name)
        let folder = home.models + "/" + identifier.name
        try staging.prepare()
        guard let lock = try FileLock.acquire(staging.lockFile) else { throw InstallError.busy(id: identifier.name) }
        let wasThere = itemExists(folder)
        let result = Result { try remove(folder, through: staging) }
        lock.releaseAndRemove()
        try result.get()
        guard wasThere else {
            throw InferenceError(.modelNotFound, "There is no installed model '\(identifier.name)'.")
        }
    }

    private func remove(_ folder: String, through staging: StagingArea) throws(FileError) {
        try staging.discard()
        guard itemExists(folder) else { return }
        // Out of sight at once, by one rename; then its files one by one.
        try renameItem(folder, to: staging.folder)
        try staging.discard()
        try synchronise(home.models)
    }
}
