#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The file of settings, changed key by key: what else it holds stays, in its order.
public struct SettingsFile: Sendable {
    public let path: String

    public init(_ path: String) {
        self.path = path
    }

    /// Sets one key, where the settings' own reader takes the value.
    ///
    /// - Parameters:
    ///   - key: such as `server.port`.
    ///   - value: as a person writes it; a list's parts are separated by commas.
    /// - Throws: ``SettingsError`` where there is no such key, the value is not for it, or the file is not one of
    ///   settings; nothing is changed then.
    public func set(_ key: String, to value: String) async throws {
        try await checkKey(key)
        let document = try read()
        var fault: SettingsError?
        for candidate in Self.candidates(value) {
            let changed = document.setting(Self.components(key), to: candidate)
            let faults = try await faults(of: key, in: changed)
            if faults.isEmpty { return try write(changed) }
            fault = SettingsError(faults: faults)
        }
        throw fault ?? SettingsError(faults: ["\(key): the value is not for it"])
    }

    /// Removes one key, so that its default is in force.
    ///
    /// - Returns: whether the file had it.
    /// - Throws: ``SettingsError`` where there is no such key, or the file is not one of settings.
    public func unset(_ key: String) async throws -> Bool {
        try await checkKey(key)
        let document = try read()
        let changed = document.removing(Self.components(key))
        guard changed != document else { return false }
        try write(changed)
        return true
    }

    private func checkKey(_ key: String) async throws {
        let keys = try await Settings.load().explain().map(\.key)
        guard !keys.contains(key) else { return }
        throw UnknownSetting(key: key, known: keys)
    }

    private static func components(_ key: String) -> [String] { key.split(separator: ".").map(String.init) }

    /// The value as JSON: the forms it can be meant in, the strictest first.
    private static func candidates(_ value: String) -> [JSONNode] {
        let list = value.split(separator: ",").map { $0.trimmingSpaces.quotedAsJSON }
        var candidates: [JSONNode] = []
        if Int(value) != nil || ["true", "false"].contains(value) { candidates.append(.raw(value)) }
        candidates.append(.raw(value.quotedAsJSON))
        candidates.append(.raw("[" + list.joined(separator: ", ") + "]"))
        return candidates
    }

    private func read() throws -> JSONNode {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw SettingsError(faults: ["\(path): it cannot be read"])
            }
            return .object([])
        }
        guard let node = JSONNode(String(decoding: bytes, as: UTF8.self)), case .object = node else {
            throw SettingsError(faults: ["\(path) (file): expected a JSON object of settings"])
        }
        return node
    }

    /// What the reader says of one key; faults of others are not this one's.
    private func faults(of key: String, in document: JSONNode) async throws -> [String] {
        let trial = "\(path).\(ProcessInfo.processInfo.processIdentifier).trial"
        try Self.put(document, at: trial)
        defer { try? FileManager.default.removeItem(atPath: trial) }
        do {
            _ = try await Settings.load(file: trial)
            return []
        } catch let error as SettingsError {
            guard !error.faults.contains(where: { $0.hasPrefix(trial) }) else {
                throw SettingsError(faults: ["\(path) (file): expected a JSON object of settings"])
            }
            // Where the value comes from is known: from here.
            let head = "\(key) (file)"
            return error.faults.filter { $0.hasPrefix(head) }.map { key + $0.dropFirst(head.count) }
        }
    }

    /// The new file takes the old one's place by one rename; where that is a link, its target's.
    private func write(_ document: JSONNode) throws {
        var place = path
        // As many links as the system itself follows.
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else { break }
            let folder = place.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            place = target.hasPrefix("/") ? target : folder + "/" + target
        }
        let mode = (try? FileManager.default.attributesOfItem(atPath: place))?[.posixPermissions]
        try Self.put(document, at: place)
        if let mode { try? FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place) }
    }

    private static func put(_ document: JSONNode, at path: String) throws {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data((document.text() + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw SettingsError(faults: ["\(path): it cannot be written"])
        }
    }
}

/// A key that no setting has.
public struct UnknownSetting: Error, Sendable, Equatable, CustomStringConvertible {
    public let key: String
    public let known: [String]

    public var description: String { "There is no setting '\(key)'; `dpais config show` lists them all." }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
