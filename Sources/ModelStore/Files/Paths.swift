import SystemPackage
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

extension String {
    /// The path from `/`, taken from the working folder where it is relative. No trailing slash.
    var absolutePath: String {
        var path = hasPrefix("/") ? self : FileManager.default.currentDirectoryPath + "/" + self
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// What comes after the last slash.
    var lastPathComponent: String {
        split(separator: "/").last.map(String.init) ?? self
    }

    /// What comes before the last slash; `/` for a path right under it.
    var parentFolder: String {
        guard let slash = lastIndex(of: "/"), slash != startIndex else { return "/" }
        return String(self[..<slash])
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// The user's own folder as the account says, for when `HOME` is not set.
func userHomeFolder() -> String {
    guard let account = getpwuid(geteuid()), let folder = account.pointee.pw_dir else { return "/tmp" }
    return String(cString: folder)
}

/// Makes the folder and those above it, where they are not there.
func makeFolder(_ path: String) throws(FileError) {
    do {
        try SystemSupport.makeFolder(path)
    } catch {
        throw FileError("make the folder", path: path, code: error.rawValue)
    }
}

/// Removes a file, or a folder with all it holds; it is no error where nothing is there.
func removeItem(_ path: String) throws(FileError) {
    do {
        try FileManager.default.removeItem(atPath: path)
    } catch {
        guard itemExists(path) else { return }
        throw FileError("Could not remove \(path): \(error).")
    }
}

func renameItem(_ path: String, to target: String) throws(FileError) {
    guard rename(path, target) == 0 else { throw FileError("move into place", path: target, code: errno) }
}

/// A regular file's size; `nil` where none is there.
func fileSize(_ path: String) -> Int? {
    var information = stat()
    guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(information.st_size)
}

/// The bytes of a regular file that have a place on the disk: fewer than its size, where it has holes.
func allocatedSize(_ path: String) -> Int? {
    var information = stat()
    guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
    return min(Int(information.st_size), Int(information.st_blocks) * 512)
}

/// The bytes of all files in a folder and those below it, as far as they can be seen now.
func folderSize(_ path: String) -> Int {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    return names.reduce(0) { $0 + (fileSize(path + "/" + $1) ?? 0) }
}

/// Whether anything, a broken link too, has this path.
func itemExists(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
}

/// Waits until a file's bytes, or a folder's entries, are on the disk.
func synchronise(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("write to the disk", path: path, code: errno) }
}

/// Bytes that this user may still write to the file system of a folder.
func freeSpace(_ folder: String) throws(FileError) -> Int {
    var information = statvfs()
    guard statvfs(folder, &information) == 0 else { throw FileError("read", path: folder, code: errno) }
    return Int(information.f_bavail) * Int(information.f_frsize)
}

/// Seconds since 1970.
func currentTime() -> Int {
    Int(time(nil))
}
