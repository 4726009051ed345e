import ModelStore

/// What the HTTP surface needs to know of installed models.
public protocol ModelDirectory: Sendable {
    func installed() throws -> [InstalledModel]

    /// The model of this id or alias, if it is installed.
    func resolve(_ name: String) throws -> InstalledModel?
}

extension ModelStore: ModelDirectory {}
