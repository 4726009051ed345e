import Crypto

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

/// The small file beside one that is on its way: which version of which address its bytes are of, and how many of each
/// piece are here. The counts lie in places of their own and are written after the bytes that they count, so the record
/// is right whenever the process dies.
struct PieceRecord: ~Copyable {
    struct Head: Codable, Equatable {
        /// The SHA-256 of the address, which itself may hold secrets.
        var address: String
        /// A strong `ETag`, or a `Last-Modified`; `nil` where the server gave neither.
        var validator: String?
        var total: Int?
        var size: Int
        /// Which start of the machine it was written after: a machine that lost its power may have written counts, and
        /// not what they count.
        var boot: String?
    }

    /// Bytes of the head, filled up with spaces.
    private static let headBytes = 1024

    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(FileError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// What was written last; `nil` where nothing whole is there.
    func read() -> (head: Head, counts: [Int])? {
        guard let data = FileManager.default.contents(atPath: path), data.count >= Self.headBytes,
            let head = try? JSONDecoder().decode(Head.self, from: data.prefix(Self.headBytes))
        else { return nil }
        let slots = Array(data.dropFirst(Self.headBytes))
        let counts = stride(from: 0, to: slots.count - 7, by: 8).map { start in
            slots[start..<(start + 8)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        return (head, counts.map { Int(clamping: $0) })
    }

    /// Begins the record anew.
    func write(_ head: Head, counts: [Int]) throws(FileError) {
        guard ftruncate(descriptor, 0) == 0 else { throw FileError("empty", path: path, code: errno) }
        guard var bytes = try? [UInt8](JSONEncoder().encode(head)), bytes.count < Self.headBytes else {
            throw FileError("Could not write \(path): its head is too long.")
        }
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: Self.headBytes - bytes.count - 1) + [UInt8(ascii: "\n")]
        for count in counts { withUnsafeBytes(of: UInt64(count).littleEndian) { bytes += $0 } }
        try put(bytes, at: 0)
    }

    func write(count: Int, of piece: Int) throws(FileError) {
        try put(withUnsafeBytes(of: UInt64(count).littleEndian) { Array($0) }, at: Self.headBytes + 8 * piece)
    }

    private func put(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(FileError) in try writeAll(bytes, to: descriptor, at: offset, path: path) }
        }.get()
    }

    /// A name for the time since the machine was started; `nil` where the system has none.
    static func currentBoot() -> String? {
        #if os(Linux)
            // Read as a stream: a file of the kernel's has no size.
            guard let file = fopen("/proc/sys/kernel/random/boot_id", "r") else { return nil }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = fread(&bytes, 1, bytes.count, file)
            return count > 0 ? String(decoding: bytes[..<count].filter { $0 > 32 }, as: UTF8.self) : nil
        #else
            var bytes = [UInt8](repeating: 0, count: 64)
            var count = bytes.count
            guard sysctlbyname("kern.bootsessionuuid", &bytes, &count, nil, 0) == 0 else { return nil }
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        #endif
    }

    /// The SHA-256 of an address.
    static func digest(of address: String) -> String {
        SHA256.hash(data: Array(address.utf8)).hexadecimal
    }
}
