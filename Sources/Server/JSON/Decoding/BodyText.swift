import NIOCore
import SystemSupport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The text of the body that is being decoded, for values that are wanted as they stand.
///
/// Where the members and elements of a container begin is looked up once: asking for any number of values costs as
/// many passes over the body as they lie deep, not as there are values.
final class BodyText: Sendable {
    static let key = CodingUserInfoKey(rawValue: "dpais.text")

    private enum Children {
        case members([String: Int])
        case elements([Int])
    }

    private let buffer: ByteBuffer
    /// By where the container begins.
    private let containers = Locked<[Int: Children]>([:])

    /// - Throws: ``JSONScanner/Malformed`` where the bytes are not one JSON value.
    init(_ buffer: ByteBuffer) throws {
        try buffer.withUnsafeReadableBytes { try JSONScanner($0).validate() }
        self.buffer = buffer
    }

    /// The text of the value at a decoder's path; `nil` where there is none.
    func value(at path: [any CodingKey]) -> String? {
        buffer.withUnsafeReadableBytes { bytes in
            let scanner = JSONScanner(bytes)
            var offset = scanner.start
            for key in path {
                guard let child = child(key, of: offset, bytes, scanner) else { return nil }
                offset = child
            }
            guard let end = try? scanner.skipValue(offset) else { return nil }
            return String(decoding: bytes[offset..<end], as: UTF8.self)
        }
    }

    private func child(
        _ key: any CodingKey, of container: Int, _ bytes: UnsafeRawBufferPointer, _ scanner: JSONScanner
    ) -> Int? {
        let children = containers.withLock { containers in
            if let known = containers[container] { return known as Children? }
            let found = try? Self.children(of: container, bytes, scanner)
            containers[container] = found
            return found
        }
        switch children {
        case .members(let members): return members[key.stringValue]
        case .elements(let elements): return key.intValue.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        case nil: return nil
        }
    }

    private static func children(
        of container: Int, _ bytes: UnsafeRawBufferPointer, _ scanner: JSONScanner
    ) throws -> Children? {
        switch bytes[container] {
        case UInt8(ascii: "{"):
            var members: [String: Int] = [:]
            _ = try scanner.skipObject(container) { key, value in
                // Of several members of one name Foundation's decoder takes the first, and so must this.
                let name = Self.name(bytes[key])
                if members[name] == nil { members[name] = value }
            }
            return .members(members)
        case UInt8(ascii: "["):
            var elements: [Int] = []
            _ = try scanner.skipArray(container) { elements.append($0) }
            return .elements(elements)
        default:
            return nil
        }
    }

    /// What a key in quotes stands for.
    private static func name(_ quoted: Slice<UnsafeRawBufferPointer>) -> String {
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        // The key has been found to be a JSON string, so that this cannot fail.
        return (try? JSONDecoder().decode(String.self, from: Data(quoted))) ?? ""
    }
}

extension Decoder {
    /// The text of the body that is being decoded.
    var bodyText: BodyText? { BodyText.key.flatMap { userInfo[$0] as? BodyText } }
}
