import Foundation

/// A folder that goes when the value goes.
package final class TemporaryFolder: Sendable {
    /// Without a slash at its end.
    package let path: String

    /// - Throws: where it cannot be made.
    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "dpais-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    @discardableResult
    package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let path = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Removes a file.
    package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    /// Writes a file of UTF-8 and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }
}
