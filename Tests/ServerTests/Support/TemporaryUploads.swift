import Foundation
import Server

/// A folder for the files of one test's requests.
final class TemporaryUploads: Sendable {
    let parent = FileManager.default.temporaryDirectory.appending(path: "dpais-uploads-\(UUID().uuidString.prefix(8))")
    let folder: UploadFolder

    init() throws {
        folder = try UploadFolder(in: parent.path(percentEncoded: false))
    }

    deinit { try? FileManager.default.removeItem(at: parent) }

    /// The files that are there now, by their paths.
    var files: [URL] {
        let entries = FileManager.default.enumerator(at: parent, includingPropertiesForKeys: nil)
        return (entries?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }
    }

    /// Whether all files go: the reply may be here before the request's own end.
    func areGone() async -> Bool {
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(30)
        while !files.isEmpty, clock.now < limit { await Task.yield() }
        return files.isEmpty
    }
}
