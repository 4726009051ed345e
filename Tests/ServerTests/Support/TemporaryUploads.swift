import Foundation
import Server
import TestSupport

/// A folder for the files of one test's requests.
final class TemporaryUploads: Sendable {
    let parent: String
    let folder: UploadFolder
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
        parent = temporary.path + "/uploads"
        folder = try UploadFolder(in: parent)
    }

    /// The files that are there now, by their paths.
    var files: [URL] {
        let entries = FileManager.default.enumerator(at: URL(filePath: parent), includingPropertiesForKeys: nil)
        return (entries?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }
    }

    /// Returns when all files have gone: the reply may be here before the request's own end.
    func areGone() async throws {
        try await eventually("the files of requests have gone") { files.isEmpty }
    }
}
