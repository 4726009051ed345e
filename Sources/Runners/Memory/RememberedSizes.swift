#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What models took when they were loaded before, in bytes by what they are, kept for the next server.
///
/// A file that cannot be read or written costs nothing but the knowledge.
enum RememberedSizes {
    static func read(_ path: String?) -> [String: Int] {
        guard let path, let data = FileManager.default.contents(atPath: path) else { return [:] }
        let sizes = (try? JSONDecoder().decode([String: Int].self, from: data)) ?? [:]
        return sizes.filter { $0.value > 0 }
    }

    static func write(_ sizes: [String: Int], to path: String?) {
        guard let path, let slash = path.lastIndex(of: "/") else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(sizes) else { return }
        try? FileManager.default.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
        try? data.write(to: URL(filePath: path), options: .atomic)
    }
}
