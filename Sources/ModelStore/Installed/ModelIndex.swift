import SystemSupport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the models folder holds, read again only when the folder has changed: models enter and leave it by a rename,
/// which moves the folder's time of modification.
final class ModelIndex: Sendable {
    struct Content: Sendable {
        var models: [InstalledModel] = []
        var damaged: [DamagedModel] = []
        var byName: [String: InstalledModel] = [:]
    }

    /// Seconds for which a change is young: two changes within one tick of the file system's clock leave the same
    /// time behind, so what was read that soon after a change is not trusted a second time.
    private static let clockDoubt = 2

    private let folder: String
    private let cache = Locked<(modified: timespec, content: Content)?>(nil)

    init(folder: String) {
        self.folder = folder
    }

    func content() throws(FileError) -> Content {
        var information = stat()
        guard stat(folder, &information) == 0 else {
            if errno == ENOENT { return Content() }
            throw FileError("read the models folder", path: folder, code: errno)
        }
        #if canImport(Darwin)
            let modified = information.st_mtimespec
        #else
            let modified = information.st_mtim
        #endif
        let cached = cache.withLock { cache in
            cache.flatMap {
                $0.modified.tv_sec == modified.tv_sec && $0.modified.tv_nsec == modified.tv_nsec ? $0.content : nil
            }
        }
        if let cached { return cached }
        let content = try read()
        if time(nil) - modified.tv_sec > ModelIndex.clockDoubt {
            cache.withLock { $0 = (modified, content) }
        }
        return content
    }

    private func read() throws(FileError) -> Content {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw FileError("Could not list the models folder \(folder): \(error).")
        }
        var content = Content()
        // Names that begin with a dot are the store's own: the staging area.
        for name in names.sorted() where !name.hasPrefix(".") {
            do {
                content.models.append(try Manifest.read(folder: folder + "/" + name))
            } catch {
                content.damaged.append(DamagedModel(folder: name, reason: error.description))
            }
        }
        for model in content.models {
            for alias in model.aliases where content.byName[alias] == nil { content.byName[alias] = model }
        }
        if let speech = SpeechNames.model(of: content.models) {
            for name in SpeechNames.all where content.byName[name] == nil { content.byName[name] = speech }
        }
        // After the aliases: an id is never hidden by another model's alias.
        for model in content.models { content.byName[model.id] = model }
        return content
    }
}
