import ModelImport

/// The metadata of a GGUF file, entry after entry. The file may be hostile: every length is held against its size.
struct GGUFReader {
    enum Value {
        case text(String)
        /// One, or a list.
        case integers([Int])
        case texts([String])
        /// Of a kind that is not looked at.
        case other
    }

    private struct Malformed: Error {}

    private let file: FileReader
    private var position = 0
    private var window: (start: Int, bytes: [UInt8]) = (0, [])
    private var entriesLeft: Int

    private static let windowSize = 1 << 16
    /// No key, and no text that is looked at, is longer.
    private static let textLimit = 1 << 16
    /// Longer lists are vocabularies.
    private static let listLimit = 4096

    init(_ path: String) throws {
        file = try FileReader(path)
        entriesLeft = 0
        guard try bytes(4).elementsEqual("GGUF".utf8), (2...3).contains(try unsigned(4)) else { throw Malformed() }
        _ = try unsigned(8)
        entriesLeft = try unsigned(8)
    }

    /// The next entry; `nil` after the last.
    mutating func next() throws -> (String, Value)? {
        guard entriesLeft > 0 else { return nil }
        entriesLeft -= 1
        let key = try text()
        return (key, try value(type: try unsigned(4)))
    }

    private mutating func value(type: Int) throws -> Value {
        switch type {
        case 8:
            let length = try unsigned(8)
            guard length <= Self.textLimit else {
                try skip(length)
                return .other
            }
            return .text(String(decoding: try bytes(length), as: UTF8.self))
        case 9:
            let element = try unsigned(4)
            let count = try unsigned(8)
            return try list(of: element, count: count)
        // Signed or not: small numbers, which is what is looked for, are the same.
        case 0...5, 10, 11: return .integers([Int(truncatingIfNeeded: try number(width(of: type) ?? 0))])
        default:
            guard let width = width(of: type) else { throw Malformed() }
            try skip(width)
            return .other
        }
    }

    private mutating func list(of element: Int, count: Int) throws -> Value {
        if let width = width(of: element) {
            guard [4, 5, 10, 11].contains(element), count <= Self.listLimit else {
                try skip(count, times: width)
                return .other
            }
            return .integers(try (0..<count).map { _ in Int(truncatingIfNeeded: try number(width)) })
        }
        // Texts, each with its length. Lists of lists are not in use.
        guard element == 8, count <= file.count else { throw Malformed() }
        guard count <= Self.listLimit else {
            for _ in 0..<count { try skip(try unsigned(8)) }
            return .other
        }
        return .texts(try (0..<count).map { _ in try text() })
    }

    /// Bytes of a number or truth value; `nil` for texts, lists and unknown types.
    private func width(of type: Int) -> Int? {
        switch type {
        case 0, 1, 7: 1
        case 2, 3: 2
        case 4, 5, 6: 4
        case 10, 11, 12: 8
        default: nil
        }
    }

    private mutating func text() throws -> String {
        let length = try unsigned(8)
        guard length <= Self.textLimit else { throw Malformed() }
        return String(decoding: try bytes(length), as: UTF8.self)
    }

    /// A length or a type.
    private mutating func unsigned(_ width: Int) throws -> Int {
        guard let value = Int(exactly: try number(width)) else { throw Malformed() }
        return value
    }

    /// Little-endian.
    private mutating func number(_ width: Int) throws -> UInt64 {
        try bytes(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func skip(_ count: Int, times width: Int = 1) throws {
        let (length, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, length <= file.count - position else { throw Malformed() }
        position += length
    }

    private mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count <= file.count - position else { throw Malformed() }
        if position < window.start || position + count > window.start + window.bytes.count {
            let end = min(file.count, position + max(count, Self.windowSize))
            window = (position, try file.read(position..<end))
        }
        defer { position += count }
        return window.bytes[(position - window.start)..<(position - window.start + count)]
    }
}
