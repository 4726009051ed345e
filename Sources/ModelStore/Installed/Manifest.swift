#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The file that makes a folder an installed model.
enum Manifest {
    static let fileName = "manifest.json"

    /// Reads a model's folder and checks that it is what its manifest says: the folder's name, the names and sizes of
    /// the files. Digests were checked at the install and are not computed again.
    static func read(folder: String) throws(FileError) -> InstalledModel {
        guard let data = FileManager.default.contents(atPath: folder + "/" + fileName) else {
            throw FileError("It has no \(fileName).")
        }
        var model: InstalledModel
        do {
            model = try JSONDecoder().decode(InstalledModel.self, from: data)
        } catch {
            throw FileError("Its \(fileName) cannot be read: \(error).")
        }
        model.directory = folder
        guard model.id == folder.lastPathComponent else {
            throw FileError("Its \(fileName) is of another model, \(model.id).")
        }
        guard !model.files.isEmpty else { throw FileError("Its \(fileName) names no file.") }
        for file in model.files {
            guard isPlainFileName(file.name) else { throw FileError("\(file.name) is not a plain file name.") }
            guard fileSize(model.path(of: file)) == file.bytes else {
                throw FileError("\(file.name) is missing or has not its \(file.bytes) bytes.")
            }
        }
        if let projector = model.projector, !model.files.dropFirst().contains(where: { $0.name == projector }) {
            throw FileError("Its projector is none of its further files.")
        }
        return model
    }

    static func write(_ model: InstalledModel, to path: String) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try (encoder.encode(model) + Data("\n".utf8)).write(to: URL(filePath: path))
        } catch {
            throw FileError("Could not write \(path): \(error).")
        }
    }

    /// Whether a name stays in its folder, is shown, and is not the manifest's own.
    static func isPlainFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0") && name != fileName
            && name.utf8.count <= 200
    }
}

/// A folder among the models that is none.
public struct DamagedModel: Sendable, Equatable {
    /// The name of the folder within the models folder.
    public var folder: String
    /// What is wrong with it, for people.
    public var reason: String
}
