#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The tensors of a `.safetensors` file: 8 bytes with the length of a JSON header, the header, then the tensors' bytes,
/// one after another without a gap (https://github.com/huggingface/safetensors, "Format").
///
/// The header comes from the internet. Everything that it says is held against the file before it is believed.
package struct SafetensorsFile: Sendable {
    package struct Tensor: Sendable {
        package var type: IRElementType
        package var shape: [Int]
        package var data: IRData

        /// The first along the first dimension, which must have a length.
        var firstRow: Tensor {
            var row = rows(0..<1)
            row.shape.removeFirst()
            return row
        }

        /// Some along the first dimension, which must have them.
        func rows(_ range: Range<Int>) -> Tensor {
            let size = shape.dropFirst().reduce(type.byteCount, *)
            return Tensor(
                type: type, shape: [range.count] + shape.dropFirst(),
                data: data.part(range.lowerBound * size..<range.upperBound * size))
        }
    }

    /// The file's name, for messages.
    package let name: String
    private let tensors: [String: Tensor]

    /// A header of a thousand layers has some two megabytes.
    private static let headerLimit = 32 << 20
    private static let rankLimit = 8

    /// - Throws: ``ModelImportError``: `unreadable`, or `malformed` where the file is not what its header says.
    package init(_ path: String) throws(ModelImportError) {
        let file = try FileReader(path)
        name = file.name
        guard file.count >= 8 else { throw Self.malformed(name, "it is too short") }
        let length = try file.read(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.headerLimit, 8 + Int(length) <= file.count else {
            throw Self.malformed(name, "its header would have \(length) bytes")
        }
        let start = 8 + Int(length)
        let entries = try Self.entries(of: try file.read(8..<start), name: name)
        tensors = try Self.tensors(entries, in: file, from: start)
    }

    /// The names of all tensors, sorted.
    package var names: [String] { tensors.keys.sorted() }

    package subscript(name: String) -> Tensor? { tensors[name] }

    private static func entries(of header: [UInt8], name: String) throws(ModelImportError) -> [String: Entry] {
        do {
            return try JSONDecoder().decode(Header.self, from: Data(header)).entries
        } catch {
            throw malformed(name, "its header is not the JSON that it should be")
        }
    }

    private static func tensors(
        _ entries: [String: Entry], in file: FileReader, from start: Int
    ) throws(ModelImportError) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        var end = 0
        // An empty tensor may begin where another one does.
        for (name, entry) in entries.sorted(by: { ($0.value.begin, $0.value.end) < ($1.value.begin, $1.value.end) }) {
            guard entry.begin == end, entry.end >= entry.begin, entry.end <= file.count - start else {
                throw malformed(file.name, "the tensor '\(name)' does not lie where it should")
            }
            end = entry.end
            guard let width = width(of: entry.type) else { continue }
            guard let count = elements(of: entry.shape), count <= (entry.end - entry.begin) / width,
                count * width == entry.end - entry.begin
            else { throw malformed(file.name, "the tensor '\(name)' has not the size of its shape") }
            guard let type = elementType(entry.type) else { continue }
            let range = start + entry.begin..<start + entry.end
            tensors[name] = Tensor(type: type, shape: entry.shape, data: IRData(file, range))
        }
        guard end == file.count - start else { throw malformed(file.name, "it has bytes that belong to no tensor") }
        return tensors
    }

    /// The product of the dimensions; `nil` where it is none.
    private static func elements(of shape: [Int]) -> Int? {
        guard shape.count <= rankLimit, shape.allSatisfy({ $0 >= 0 }) else { return nil }
        var count = 1
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            count = product
        }
        return count
    }

    /// Bytes an element; `nil` for types of which nothing is known here, whose tensors are passed over.
    private static func width(of type: String) -> Int? {
        switch type {
        case "F64", "I64", "U64": 8
        case "F32", "I32", "U32": 4
        case "F16", "BF16", "I16", "U16": 2
        case "I8", "U8", "BOOL": 1
        default: nil
        }
    }

    /// The types that weights are computed with.
    private static func elementType(_ type: String) -> IRElementType? {
        switch type {
        case "F32": .f32
        case "F16": .f16
        case "BF16": .bf16
        default: nil
        }
    }

    private static func malformed(_ name: String, _ reason: String) -> ModelImportError {
        ModelImportError(.malformed, "\(name) is not a sound safetensors file: \(reason). Download it again.")
    }
}

/// What the header says of one tensor.
private struct Entry: Decodable {
    var type: String
    var shape: [Int]
    /// From the end of the header.
    var begin: Int
    var end: Int

    private enum CodingKeys: String, CodingKey {
        case type = "dtype"
        case shape
        case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decode(String.self, forKey: .type)
        shape = try container.decode([Int].self, forKey: .shape)
        let offsets = try container.decode([Int].self, forKey: .offsets)
        guard offsets.count == 2 else {
            throw DecodingError.dataCorruptedError(forKey: .offsets, in: container, debugDescription: "Not a pair.")
        }
        (begin, end) = (offsets[0], offsets[1])
    }
}

private struct Header: Decodable {
    var entries: [String: Entry] = [:]

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for key in container.allKeys where key.stringValue != "__metadata__" {
            entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
    }
}
