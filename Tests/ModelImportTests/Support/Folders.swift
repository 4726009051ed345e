import Foundation

/// A folder of its own, removed when `body` ends.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try Folder()
    return try withExtendedLifetime(folder) { try body(folder.path) }
}

/// A folder that goes when the value goes.
final class Folder: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/dpais-import-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func write(_ text: String, _ path: String) throws {
    try write(Array(text.utf8), path)
}

func contents(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path)))
}
