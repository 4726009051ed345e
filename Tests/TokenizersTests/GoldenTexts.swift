import Foundation
import Tokenizers

/// Texts, and the ids that Hugging Face's `tokenizers` 0.23 gives for them; see `TokenizerGolden/make.py`.
struct GoldenTexts {
    let texts: [String]
    let ids: [[Int32]]

    init(_ name: String) throws {
        texts = try Self.file("texts.jsonl").split(separator: UInt8(ascii: "\n")).map { line in
            guard case .string(let text) = try JSONReader.read(Array(line)) else { throw Unexpected() }
            return text
        }
        var numbers = Self.numbers(try Self.file("\(name).ids"))[...]
        var ids: [[Int32]] = []
        while let count = numbers.popFirst() {
            ids.append(numbers.prefix(Int(count)).map(Int32.init))
            numbers = numbers.dropFirst(Int(count))
        }
        self.ids = ids
    }

    struct Unexpected: Error {}

    static func path(_ name: String) throws -> String {
        guard let folder = Bundle.module.resourcePath else { throw Unexpected() }
        return "\(folder)/TokenizerGolden/\(name)"
    }

    static func file(_ name: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: try path(name)) else { throw Unexpected() }
        return Array(data)
    }

    static func tokenizer(_ name: String) throws -> any TextTokenizer {
        try TokenizerFile.read(path("\(name).json"))
    }

    /// Little-endian 16-bit numbers.
    private static func numbers(_ bytes: [UInt8]) -> [UInt16] {
        stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    }
}
