import Foundation

/// A folder that goes when the value goes.
package final class TemporaryFolder: Sendable {
    /// Without a slash at its end, and short: the path of a socket in it has 108 bytes at most.
    package let path: String

    package var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

    /// - Throws: where it cannot be made, or is there already.
    package init() throws {
        let name = "dpais-\(UUID().uuidString.prefix(13))"
        let url = FileManager.default.temporaryDirectory.appending(path: name, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        var path = url.path(percentEncoded: false)
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, in a folder that is made where it is missing, and returns its path.
    @discardableResult
    package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return "\(path)/\(name)"
    }

    /// Writes a file of UTF-8 and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

    /// The bytes of a file.
    package func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: url.appending(path: name))) }

    /// Removes a file.
    package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
}

/// Runs with a folder that is removed when `body` ends.
package func withTemporaryFolder<Value>(_ body: (TemporaryFolder) throws -> Value) throws -> Value {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try body(folder) }
}
