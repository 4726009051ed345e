import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Takes the body of a form apart while it arrives (RFC 7578; RFC 2046, section 5.1).
///
/// No part is held: its bytes are handed on as soon as they cannot be the beginning of a boundary. What is done with
/// them, and how many there may be, is for others to decide.
package struct MultipartParser: Sendable {
    package enum Event: Sendable, Equatable {
        case partBegins(MultipartHead)
        /// More bytes of the part.
        case data(ByteBuffer)
        case partEnds
    }

    /// Bytes of the largest head of a part.
    package static let largestHead = 8_192
    /// The most parts of a form.
    package static let mostParts = 128
    /// Spaces that may follow a boundary on its line.
    private static let longestPadding = 128

    private enum State {
        /// Before the first boundary; what is there is for nobody.
        case preamble
        case head
        case content
        /// Behind the last boundary; what is there is for nobody.
        case epilogue
    }

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var parts = 0
    /// What has arrived and is not handed on yet. The body is read as if a line break came before it, which makes the
    /// first boundary one like the others.
    private var rest = ByteBuffer(bytes: [0x0D, 0x0A])

    package init(_ boundary: MultipartBoundary) {
        delimiter = boundary.delimiter
    }

    /// Takes in more of the body.
    package mutating func append(_ piece: ByteBuffer) {
        guard rest.readableBytes > 0 else {
            rest = piece
            return
        }
        // A buffer of its own: slices of the last one may be in use elsewhere, and what is left of it is short.
        var joined = ByteBuffer()
        joined.reserveCapacity(rest.readableBytes + piece.readableBytes)
        joined.writeImmutableBuffer(rest)
        joined.writeImmutableBuffer(piece)
        rest = joined
    }

    /// What comes next of what has arrived; `nil` where more is needed to tell.
    ///
    /// - Throws: ``APIError`` where the body is no form.
    package mutating func next() throws(APIError) -> Event? {
        while true {
            switch state {
            case .preamble:
                switch search() {
                case .boundary(let start, let length, let isLast):
                    rest.moveReaderIndex(forwardBy: start + length)
                    try begin(isLast)
                case .none(let clear):
                    rest.moveReaderIndex(forwardBy: clear)
                    return nil
                }
            case .head:
                guard let head = try takeHead() else { return nil }
                state = .content
                return .partBegins(head)
            case .content:
                switch search() {
                case .boundary(at: 0, length: let length, isLast: let isLast):
                    rest.moveReaderIndex(forwardBy: length)
                    try begin(isLast)
                    return .partEnds
                case .boundary(at: let count, length: _, isLast: _), .none(clear: let count):
                    guard count > 0, let data = rest.readSlice(length: count) else { return nil }
                    return .data(data)
                }
            case .epilogue:
                rest.moveReaderIndex(to: rest.writerIndex)
                return nil
            }
        }
    }

    /// Says that no more is to come.
    ///
    /// - Throws: ``APIError`` where the last boundary has not been seen.
    package func finish() throws(APIError) {
        switch state {
        case .epilogue: return
        case .preamble:
            throw .invalidMultipart(
                "No line of the body is the boundary that the content type names, or the lines do not end with CR and LF."
            )
        case .head, .content:
            throw .invalidMultipart(
                "The form ends within part \(parts): its closing boundary, the boundary and two dashes, is missing.")
        }
    }

    private mutating func begin(_ isLast: Bool) throws(APIError) {
        guard !isLast else {
            state = .epilogue
            return
        }
        parts += 1
        guard parts <= Self.mostParts else {
            throw .invalidMultipart("The form has more than \(Self.mostParts) parts.")
        }
        state = .head
    }

    // MARK: Heads

    private mutating func takeHead() throws(APIError) -> MultipartHead? {
        // A head without lines is ended by the first line break there is.
        let lines: Int? = rest.readableBytesView.starts(with: [0x0D, 0x0A]) ? 0 : endOfLines()
        guard let lines else {
            guard rest.readableBytes <= Self.largestHead else { throw headTooLarge }
            return nil
        }
        guard lines <= Self.largestHead else { throw headTooLarge }
        let head = rest.readBytes(length: lines) ?? []
        rest.moveReaderIndex(forwardBy: lines == 0 ? 2 : 4)
        return try MultipartHead(head, part: parts)
    }

    private var headTooLarge: APIError {
        .invalidMultipart("The head of part \(parts) of the form is larger than \(Self.largestHead) bytes.")
    }

    /// How many bytes come before the empty line.
    private func endOfLines() -> Int? {
        rest.withUnsafeReadableBytes { bytes in
            var offset = 0
            while let found = Self.lineBreak(in: bytes, from: offset), found + 4 <= bytes.count {
                if bytes[found + 1] == 0x0A, bytes[found + 2] == 0x0D, bytes[found + 3] == 0x0A { return found }
                offset = found + 1
            }
            return nil
        }
    }

    // MARK: Boundaries

    private enum Found {
        /// A boundary's line: where it begins, how long it is, and whether it is the last.
        case boundary(at: Int, length: Int, isLast: Bool)
        /// So many bytes are not part of one.
        case none(clear: Int)
    }

    private func search() -> Found {
        rest.withUnsafeReadableBytes { bytes in
            var offset = 0
            while let candidate = Self.lineBreak(in: bytes, from: offset) {
                switch line(in: bytes, at: candidate) {
                case .boundary(let length, let isLast):
                    return .boundary(at: candidate, length: length, isLast: isLast)
                case .unknown: return .none(clear: candidate)
                case .other: offset = candidate + 1
                }
            }
            return .none(clear: bytes.count)
        }
    }

    private enum Line {
        case boundary(length: Int, isLast: Bool)
        case other
        /// Too little of it is there.
        case unknown
    }

    /// What the line is that begins with the line break at an offset. A boundary is alone on its line but for spaces; two
    /// dashes behind it make it the last, whatever follows.
    private func line(in bytes: UnsafeRawBufferPointer, at start: Int) -> Line {
        for (index, byte) in delimiter.enumerated() {
            guard start + index < bytes.count else { return .unknown }
            guard bytes[start + index] == byte else { return .other }
        }
        let end = start + delimiter.count
        guard end < bytes.count else { return .unknown }
        if bytes[end] == UInt8(ascii: "-") {
            guard end + 1 < bytes.count else { return .unknown }
            return bytes[end + 1] == UInt8(ascii: "-")
                ? .boundary(length: delimiter.count + 2, isLast: true) : .other
        }
        var offset = end
        while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x09 {
            offset += 1
            guard offset - end <= Self.longestPadding else { return .other }
        }
        guard offset < bytes.count else { return .unknown }
        guard bytes[offset] == 0x0D else { return .other }
        guard offset + 1 < bytes.count else { return .unknown }
        return bytes[offset + 1] == 0x0A ? .boundary(length: offset + 2 - start, isLast: false) : .other
    }

    /// Where the next carriage return is.
    private static func lineBreak(in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int? {
        guard offset < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + offset, 0x0D, bytes.count - offset)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
