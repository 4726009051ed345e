import Foundation

/// Files that come with the engine for tests, in the package's engine cache.
enum EngineFiles {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".engines/llama/share/tests")

    /// Names of files in a folder below it, sorted.
    static func names(in subfolder: String = "", suffix: String) -> [String] {
        let path = folder.appending(path: subfolder).path(percentEncoded: false)
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(suffix) }
            .sorted()
    }

    static func text(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
}
