#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where one model's files are gathered before they are moved in: beside the models, so that the move is one rename.
/// It outlives an interrupted install, which goes on from it.
struct StagingArea: Sendable {
    let models: String
    let id: String

    private var area: String { models + "/.staging" }
    var folder: String { area + "/" + id }
    var lockFile: String { area + "/" + id + ".lock" }

    /// Makes the area, not yet the model's folder in it.
    func prepare() throws(FileError) {
        try makeFolder(area)
    }

    func discard() throws(FileError) {
        try removeItem(folder)
    }

    func path(_ file: String) -> String {
        folder + "/" + file
    }

    /// Where a file is until it is whole and checked.
    func partPath(_ file: String) -> String {
        folder + "/" + file + ".part"
    }

    /// Where a conversion writes. No file of a model has a name that begins with a dot.
    var conversionFolder: String { folder + "/.converted" }

    /// Removes what the fetching left beside the model's own files.
    func removeAll(except names: Set<String>) throws(FileError) {
        let found: [String]
        do {
            found = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw FileError("Could not list \(folder): \(error).")
        }
        for name in found where !names.contains(name) { try removeItem(folder + "/" + name) }
    }
}
