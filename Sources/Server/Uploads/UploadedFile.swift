import NIOCore

/// A file that came with a request: held in memory while it is small, else on disk. What is on disk is removed when the
/// last copy of this value is let go.
struct UploadedFile: Sendable {
    /// Bytes that are held; with the first one more, all go to disk.
    static let heldBytes = 1 << 20
    /// Bytes of the beginning that are held beside the disk.
    private static let headBytes = 64 << 10

    private let folder: UploadFolder
    private var file: TemporaryFile?
    /// The file's first bytes; all of them as long as nothing is on disk.
    private(set) var head = ByteBuffer()
    private(set) var count = 0

    init(in folder: UploadFolder) {
        self.folder = folder
    }

    /// Adds bytes to the end. Blocks where they go to disk.
    ///
    /// - Throws: ``UploadFault`` where they cannot be kept.
    mutating func append(_ data: ByteBuffer) throws(UploadFault) {
        count += data.readableBytes
        if file == nil, count <= Self.heldBytes {
            head.writeImmutableBuffer(data)
        } else {
            try stored().append(data)
        }
    }

    /// The file on disk, written there now where it was held. It lies there as long as what is returned lives. Blocks.
    ///
    /// - Throws: ``UploadFault`` where it cannot be kept.
    mutating func stored() throws(UploadFault) -> TemporaryFile {
        if let file { return file }
        let made = try folder.makeFile()
        try made.append(head)
        head = ByteBuffer(bytes: head.readableBytesView.prefix(Self.headBytes))
        file = made
        return made
    }
}
