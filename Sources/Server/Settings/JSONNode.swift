#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A JSON document whose objects can be changed while everything else stays as it was written.
indirect enum JSONNode: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        /// As it is written, without its quotes.
        var key: String
        var value: JSONNode
    }

    /// Members in their order.
    case object([Member])
    /// Anything else, as it is written.
    case raw(String)

    /// - Returns: `nil` where the text is not JSON.
    init?(_ text: String) {
        // The decoder knows what JSON is; here it is only taken apart.
        guard (try? JSONDecoder().decode(AnyJSON.self, from: Data(text.utf8))) != nil else { return nil }
        var scanner = JSONNodeScanner(Array(text.utf8))
        self = scanner.node()
    }

    /// The document with a value at a path of keys; objects on the way are made.
    func setting(_ path: [String], to value: JSONNode) -> JSONNode {
        guard let key = path.first else { return value }
        var members: [Member] = []
        if case .object(let own) = self { members = own }
        let rest = Array(path.dropFirst())
        if let index = members.lastIndex(where: { $0.key == key }) {
            members[index].value = members[index].value.setting(rest, to: value)
        } else {
            members.append(Member(key: key, value: JSONNode.object([]).setting(rest, to: value)))
        }
        return .object(members)
    }

    /// The document without what is at a path of keys, and without objects that are empty then.
    func removing(_ path: [String]) -> JSONNode {
        guard case .object(var members) = self, let key = path.first else { return self }
        for index in members.indices.reversed() where members[index].key == key {
            let value = members[index].value.removing(Array(path.dropFirst()))
            if path.count == 1 || (value == .object([]) && value != members[index].value) {
                members.remove(at: index)
            } else {
                members[index].value = value
            }
        }
        return .object(members)
    }

    func text(indent: Int = 0) -> String {
        guard case .object(let members) = self else {
            guard case .raw(let text) = self else { return "" }
            return text
        }
        guard !members.isEmpty else { return "{}" }
        let margin = String(repeating: "  ", count: indent + 1)
        let lines = members.map { "\(margin)\"\($0.key)\": \($0.value.text(indent: indent + 1))" }
        return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: "  ", count: indent) + "}"
    }
}

/// Takes apart what is known to be JSON.
private struct JSONNodeScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func node() -> JSONNode {
        skipSpace()
        guard peek == UInt8(ascii: "{") else { return .raw(rawValue()) }
        position += 1
        var members: [JSONNode.Member] = []
        while true {
            skipSpace()
            guard let next = peek, next != UInt8(ascii: "}") else { break }
            if next == UInt8(ascii: ",") {
                position += 1
                continue
            }
            let key = String(rawValue().dropFirst().dropLast())
            skipSpace()
            // The colon.
            position += 1
            members.append(JSONNode.Member(key: key, value: node()))
        }
        position += 1
        return .object(members)
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    /// A scalar, or an array with all that it holds.
    private mutating func rawValue() -> String {
        let start = position
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                position += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard depth > 0 else { return text(from: start) }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                guard depth > 0 else { return text(from: start) }
                position += 1
            default: position += 1
            }
            if depth == 0, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "]") { return text(from: start) }
        }
        return text(from: start)
    }

    private mutating func skipString() {
        position += 1
        while let byte = peek, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
        position += 1
    }

    private func text(from start: Int) -> String {
        String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
    }
}

/// Any JSON at all.
private enum AnyJSON: Decodable {
    case value

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            for key in object.allKeys { _ = try object.decode(AnyJSON.self, forKey: key) }
        }
        self = .value
    }
}
