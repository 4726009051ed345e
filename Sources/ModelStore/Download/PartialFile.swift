import Crypto
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file that is on its way, and what is needed to go on with it: a small record beside it says which version of
/// which address its bytes are of.
struct PartialFile: ~Copyable {
    private struct Record: Codable, Equatable {
        /// The SHA-256 of the address, which itself may hold secrets.
        var address: String
        /// A strong `ETag`, or a `Last-Modified`; `nil` where the server gave neither.
        var validator: String?
    }

    private var file: DigestingFile
    private let recordPath: String
    private var record: Record
    private let expected: FileFacts
    /// Bytes of the whole file, once known.
    private var total: Int?

    init(_ path: String, url: String, expected: FileFacts) throws {
        var record = Record(address: SHA256.hash(data: Array(url.utf8)).hexadecimal)
        let recordPath = path + ".json"
        let found = FileManager.default.contents(atPath: recordPath).flatMap {
            try? JSONDecoder().decode(Record.self, from: $0)
        }
        var file = try DigestingFile(path)
        if let found, found.address == record.address, found.validator != nil || expected.sha256 != nil {
            record = found
        } else {
            // Another address, or nothing that could show whether these are still the same bytes.
            try file.restart()
        }
        self.file = file
        self.recordPath = recordPath
        self.record = record
        self.expected = expected
        total = expected.bytes
    }

    var bytes: Int { file.bytes }
    var fetched: FetchedFile { FetchedFile(bytes: file.bytes, sha256: file.sha256) }

    /// Whether nothing is left to fetch: known only where the digest is.
    var isComplete: Bool {
        guard let sha256 = expected.sha256, file.bytes > 0, total == nil || total == file.bytes else { return false }
        return file.sha256 == sha256
    }

    /// The headers that ask for what is missing (RFC 9110, 14.2 and 13.1.5): all of it, where the file has changed.
    var resumption: HTTPHeaders {
        guard file.bytes > 0 else { return [:] }
        var headers: HTTPHeaders = ["range": "bytes=\(file.bytes)-"]
        if let validator = record.validator { headers.add(name: "if-range", value: validator) }
        return headers
    }

    mutating func restart() throws {
        try file.restart()
        record.validator = nil
        total = expected.bytes
    }

    /// Takes the head of an answer: what follows is the rest of the file, or all of it.
    ///
    /// - Throws: ``InstallError/wrongSize(file:expected:actual:)`` where it will not be the file that is expected.
    mutating func begin(_ status: HTTPResponseStatus, headers: HTTPHeaders) throws {
        let length = headers.first(name: "content-length").flatMap { Int($0) }
        let announced: Int?
        if status == .partialContent {
            guard let range = ContentRange(headers.first(name: "content-range") ?? ""), range.first == file.bytes else {
                try restart()
                throw HTTPFailure.transient(status: status.code, retryAfter: .zero)
            }
            announced = range.total ?? length.map { $0 + file.bytes }
        } else {
            try file.restart()
            announced = length
        }
        if let size = expected.bytes, let announced, announced != size {
            throw InstallError.wrongSize(file: name, expected: size, actual: announced)
        }
        total = expected.bytes ?? announced
        let etag = headers.first(name: "etag").flatMap { $0.hasPrefix("W/") ? nil : $0 }
        record.validator = etag ?? headers.first(name: "last-modified")
        try writeRecord()
    }

    private func writeRecord() throws {
        do {
            try JSONEncoder().encode(record).write(to: URL(filePath: recordPath))
        } catch {
            throw FileError("Could not write \(recordPath): \(error).")
        }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        if let total, file.bytes + bytes.count > total {
            throw InstallError.wrongSize(file: name, expected: total, actual: file.bytes + bytes.count)
        }
        try file.append(bytes)
    }

    /// - Throws: ``InstallError/wrongSize(file:expected:actual:)`` where the answer has ended before the file has.
    func checkEnd() throws {
        guard let total, total != file.bytes else { return }
        throw InstallError.wrongSize(file: name, expected: total, actual: file.bytes)
    }

    private var name: String { String(file.path.lastPathComponent.dropLast(".part".count)) }
}

/// `Content-Range: bytes 100-199/200` (RFC 9110, 14.4).
struct ContentRange: Equatable {
    var first: Int
    /// `nil` where the server does not know it.
    var total: Int?

    init?(_ value: String) {
        let parts = value.split(whereSeparator: { " -/".contains($0) })
        guard parts.count == 4, parts[0].lowercased() == "bytes", let first = Int(parts[1]), Int(parts[2]) != nil else {
            return nil
        }
        self.first = first
        total = Int(parts[3])
    }
}
