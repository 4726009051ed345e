import Crypto
import NIOCore
import NIOHTTP1

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that is on its way: its bytes, which of them are here, and the digest of those before the first that is not.
actor PartialFile {
    /// The server has another file now, or forgets what it said of ranges: all of it is to be fetched anew.
    struct Changed: Error {}

    private let path: String
    private let descriptor: Int32
    private let record: PieceRecord
    private var head: PieceRecord.Head
    private let expected: FileFacts
    private let settings: DownloadSettings
    private let progress: @Sendable (FetchProgress) -> Void

    /// `nil` until an answer has said how long the file is.
    private var pieces: Pieces?
    private var hash = SHA256()
    private var hashed = 0
    private var connections = 0
    /// Whether the server has shown that it does not know ranges as they are asked for.
    private var mustBeWhole = false
    /// Bytes that were here before this process came.
    private(set) var kept = 0

    init(
        _ path: String, url: String, expected: FileFacts, settings: DownloadSettings,
        progress: @escaping @Sendable (FetchProgress) -> Void
    ) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
        self.path = path
        self.descriptor = descriptor
        self.expected = expected
        self.settings = settings
        self.progress = progress
        head = PieceRecord.Head(
            address: PieceRecord.digest(of: url), size: settings.pieceBytes, boot: PieceRecord.currentBoot())
        record = try PieceRecord(path + ".state")
        guard let (found, counts) = record.read(), let size = fileSize(path),
            Self.mayGoOn(from: found, as: head, expected)
        else {
            // Another address, or nothing that could show whether these are still the same bytes.
            guard ftruncate(descriptor, 0) == 0 else { throw FileError("empty", path: path, code: errno) }
            return
        }
        var pieces = Pieces(total: found.total, size: found.size)
        pieces.restore(counts, fileBytes: size)
        self.pieces = pieces
        head.validator = found.validator
        head.total = found.total
        head.size = found.size
        kept = pieces.bytes
    }

    deinit {
        close(descriptor)
    }

    private static func mayGoOn(
        from found: PieceRecord.Head, as wanted: PieceRecord.Head, _ expected: FileFacts
    ) -> Bool {
        guard found.address == wanted.address, let total = found.total, total >= 0, found.size > 0,
            total / found.size < 1 << 20, expected.bytes ?? total == total
        else { return false }
        // A digest shows in the end whether all is well; without one, the bytes must be known to be right.
        return expected.sha256 != nil || (found.validator != nil && found.boot == wanted.boot)
    }

    var bytes: Int { pieces?.bytes ?? 0 }
    /// Whether several connections may fetch what is missing.
    var isShared: Bool { (pieces?.here.count ?? 1) > 1 }

    // MARK: Pieces

    /// A piece to fetch, for one more connection or one that has done its last; `nil` where none is left to take.
    func take(joining: Bool = false) -> Int? {
        // Before the first answer there is one piece: the beginning.
        let piece = pieces == nil ? 0 : pieces?.take()
        if joining, piece != nil { connections += 1 }
        if !joining, piece == nil { connections -= 1 }
        return piece
    }

    /// Gives a piece back, whole or not.
    func release(_ piece: Int) {
        pieces?.release(piece)
    }

    /// Gives a piece back to the other connections and leaves.
    ///
    /// - Returns: whether there are others; without any, the caller has to go on.
    func leave(_ piece: Int) -> Bool {
        pieces?.release(piece)
        guard connections > 1 else { return false }
        connections -= 1
        return true
    }

    /// Begins the count of connections anew.
    func disconnect() {
        connections = 0
        for piece in (pieces?.here ?? []).indices { pieces?.release(piece) }
    }

    func here(of piece: Int) -> Int {
        pieces?.here[piece] ?? 0
    }

    func isWhole(_ piece: Int) -> Bool {
        pieces.map { $0.missing(of: piece).isEmpty } ?? false
    }

    /// The headers that ask for what is missing of a piece (RFC 9110, 14.2 and 13.1.5), if the file is still the same.
    func headers(for piece: Int) -> HTTPHeaders {
        guard !mustBeWhole else { return [:] }
        guard let pieces else {
            // How long the file is, and whether it can be had in pieces, shows in the answer.
            let isWorthIt = settings.connections > 1 && (expected.bytes ?? .max) > settings.pieceBytes
            return isWorthIt ? ["range": "bytes=0-\(settings.pieceBytes - 1)"] : [:]
        }
        let missing = pieces.missing(of: piece)
        guard let total = pieces.total, missing.lowerBound > 0 || isShared else { return [:] }
        let end = missing.upperBound == total ? "" : String(missing.upperBound - 1)
        var headers: HTTPHeaders = ["range": "bytes=\(missing.lowerBound)-\(end)"]
        if let validator = head.validator { headers.add(name: "if-range", value: validator) }
        return headers
    }

    // MARK: Answers

    /// Takes the head of an answer: what follows are the missing bytes of a piece, or the file from its start.
    ///
    /// - Parameter alone: whether no other connection is at work.
    /// - Returns: the piece that the bytes are of; another one than was asked for, where the file is cut anew.
    /// - Throws: ``Changed``, or ``InstallError`` where it will not be the file that is expected.
    func begin(_ piece: Int, _ status: HTTPResponseStatus, headers: HTTPHeaders, alone: Bool) throws -> Int {
        let length = headers.first(name: "content-length").flatMap { Int($0) }
        let etag = headers.first(name: "etag").flatMap { $0.hasPrefix("W/") ? nil : $0 }
        let validator = (etag ?? headers.first(name: "last-modified")).flatMap { $0.utf8.count <= 512 ? $0 : nil }
        guard status == .partialContent else {
            guard alone else { throw Changed() }
            try checkSize(length)
            try begin(Pieces(total: expected.bytes ?? length), validator)
            return 0
        }
        guard let range = ContentRange(headers.first(name: "content-range") ?? "") else { throw wholeInstead() }
        let count = range.last - range.first + 1
        if let length, length != count {
            throw InstallError.wrongSize(file: name, expected: count, actual: length)
        }
        guard let total = range.total ?? pieces?.total ?? expected.bytes else { throw wholeInstead() }
        try checkSize(total)
        guard let pieces else {
            guard range.first == 0 else { throw wholeInstead() }
            // One that sends more than it was asked for is let go on.
            let goesOn = range.last >= settings.pieceBytes
            // Without a name for the version, pieces of two could be mixed.
            let isKnown = validator != nil || expected.sha256 != nil
            let size = Pieces.size(total: total, connections: settings.connections, smallest: settings.pieceBytes)
            try begin(Pieces(total: total, size: goesOn || !isKnown ? nil : size), validator)
            return 0
        }
        guard range.first == pieces.missing(of: piece).lowerBound, pieces.total == total,
            validator == nil || head.validator == nil || validator == head.validator
        else { throw Changed() }
        if head.validator == nil, let validator {
            head.validator = validator
            try record.write(head, counts: pieces.here)
        }
        return piece
    }

    private func wholeInstead() -> Changed {
        mustBeWhole = true
        return Changed()
    }

    private func checkSize(_ announced: Int?) throws {
        if let size = expected.bytes, let announced, announced != size {
            throw InstallError.wrongSize(file: name, expected: size, actual: announced)
        }
    }

    private func begin(_ pieces: Pieces, _ validator: String?) throws {
        try empty()
        if let total = pieces.total {
            let folder = path.parentFolder
            let free = try freeSpace(folder)
            guard total <= free else {
                throw InstallError.notEnoughSpace(needed: total, free: free, folder: folder)
            }
        }
        var pieces = pieces
        _ = pieces.take()
        self.pieces = pieces
        head.validator = validator
        head.total = pieces.total
        head.size = pieces.size
        try record.write(head, counts: pieces.here)
        progress(FetchProgress(bytes: 0))
    }

    /// Writes what has come of a piece.
    ///
    /// - Returns: whether what follows may be of the piece too.
    func append(_ buffer: ByteBuffer, to piece: Int) throws -> Bool {
        guard let missing = pieces?.missing(of: piece) else { throw Changed() }
        if buffer.readableBytes > missing.count, missing.upperBound == pieces?.total {
            throw InstallError.wrongSize(
                file: name, expected: missing.upperBound, actual: missing.lowerBound + buffer.readableBytes)
        }
        let count = min(buffer.readableBytes, missing.count)
        try buffer.withUnsafeReadableBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
            try writeAll(bytes, to: descriptor, at: missing.lowerBound, path: path)
            if hashed == missing.lowerBound {
                hash.update(bufferPointer: bytes)
                hashed += count
            }
        }
        pieces?.add(count, to: piece)
        try record.write(count: here(of: piece), of: piece)
        // Several connections run ahead of the digest; a few megabytes at a time it follows, from the system's cache.
        try followUp(limit: 4 << 20)
        progress(FetchProgress(bytes: bytes, kept: kept, total: pieces?.total))
        return count == buffer.readableBytes
    }

    /// Takes the end of an answer: where nobody knew how long the file is, it is known now.
    func end() {
        guard let pieces, pieces.total == nil else { return }
        var whole = Pieces(total: pieces.bytes)
        whole.restore([pieces.bytes], fileBytes: pieces.bytes)
        self.pieces = whole
    }

    /// The error of a file that ends before the length that its server states for it.
    func shortfall() -> InstallError {
        .wrongSize(file: name, expected: pieces?.total ?? 0, actual: bytes)
    }

    /// Tells that the source is waited for.
    func tell(pause: Duration) {
        progress(FetchProgress(bytes: bytes, kept: kept, total: pieces?.total, pause: pause))
    }

    // MARK: Whole

    /// Whether nothing is left to fetch.
    var isComplete: Bool { pieces?.isComplete ?? false }

    /// What the file is now.
    func fetched() throws -> FetchedFile {
        try followUp(limit: .max)
        return FetchedFile(bytes: hashed, sha256: hash.finalize().hexadecimal)
    }

    /// Throws away what is here.
    func restart() throws {
        try empty()
        kept = 0
        pieces = nil
        connections = 0
        head.validator = nil
    }

    private func empty() throws {
        guard ftruncate(descriptor, 0) == 0 else { throw FileError("empty", path: path, code: errno) }
        hash = SHA256()
        hashed = 0
        kept = 0
    }

    /// Takes into the digest what lies before the first byte that is missing.
    private func followUp(limit: Int) throws {
        let front = pieces?.front ?? 0
        let end = front - hashed > limit ? hashed + limit : front
        guard hashed < end else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(1 << 20, end - hashed), alignment: 16)
        defer { buffer.deallocate() }
        while hashed < end {
            let count = pread(descriptor, buffer.baseAddress, min(buffer.count, end - hashed), off_t(hashed))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError("read", path: path, code: count < 0 ? errno : EIO) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            hashed += count
        }
    }

    private var name: String {
        let name = path.lastPathComponent
        return name.hasSuffix(".part") ? String(name.dropLast(".part".count)) : name
    }
}
