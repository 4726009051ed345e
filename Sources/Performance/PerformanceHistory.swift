import SystemPackage
import SystemSupport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The last measurements on this machine: a file a model, a line of JSON a measurement, the oldest first.
///
/// Several processes may write at once. A file is replaced whole, so that who reads never sees half a line; a line that
/// cannot be read, because a disk or an editor damaged it, is passed over and goes with the next writing.
public struct PerformanceHistory: Sendable {
    /// A measurement, and when it was.
    public struct Entry: Codable, Sendable, Equatable {
        /// Seconds since 1970.
        public var time: Int
        /// The version of this software that measured.
        public var version: String
        public var report: PerformanceReport

        public init(time: Int, version: String, report: PerformanceReport) {
            self.time = time
            self.version = version
            self.report = report
        }
    }

    /// Measurements of a model that are kept.
    public static let kept = 50

    private let folder: String

    /// - Parameter folder: where the files are; made at the first writing.
    public init(folder: String) {
        self.folder = folder
    }

    /// The measurements of a model, the oldest first; none where there is no file.
    public func entries(of model: String) -> [Entry] {
        guard let data = FileManager.default.contents(atPath: path(of: model)) else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)), entry.report.model == model
            else { return nil }
            return entry
        }
    }

    /// Adds a measurement behind those of its model; the oldest go where there are too many.
    ///
    /// - Throws: ``PerformanceHistoryError`` where it cannot be written.
    public func append(_ entry: Entry) throws {
        let file = path(of: entry.report.model)
        do {
            try makeFolder(folder)
        } catch {
            throw PerformanceHistoryError(path: folder, code: error.rawValue)
        }
        // Held by the folder itself, so that no file is left for it; the system gives it back with the descriptor.
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PerformanceHistoryError(path: folder, code: errno) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            let code = errno
            guard code == EINTR else { throw PerformanceHistoryError(path: folder, code: code) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var content = Data()
        for entry in entries(of: entry.report.model).suffix(Self.kept - 1) + [entry] {
            content += try encoder.encode(entry) + [UInt8(ascii: "\n")]
        }
        let fresh = file + ".new"
        do {
            try writeFile(fresh, Array(content), synchronises: false)
        } catch {
            unlink(fresh)
            throw PerformanceHistoryError(path: file, code: error.rawValue)
        }
        guard rename(fresh, file) == 0 else {
            let code = errno
            unlink(fresh)
            throw PerformanceHistoryError(path: file, code: code)
        }
    }

    /// Ids of models are safe names of files; of what is none, nothing but that is left.
    private func path(of model: String) -> String {
        let name = model.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
        return "\(folder)/\(String(name)).jsonl"
    }
}

/// A measurement could not be remembered.
public struct PerformanceHistoryError: Error, Sendable, Equatable, CustomStringConvertible {
    var path: String
    /// The system's number of the error.
    var code: Int32

    public var description: String {
        "The measurement was not remembered: \(path) cannot be written (\(String(cString: strerror(code))))."
    }
}
