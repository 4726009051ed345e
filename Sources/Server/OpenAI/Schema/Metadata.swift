/// Up to sixteen labels that a caller puts on a request. Nothing is done with them; they are checked all the same.
struct Metadata: Decodable, Sendable {
    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: AnyKey.self)
        let keys = fields.container.allKeys
        if keys.count > 16 {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected at most 16 keys, found \(keys.count)")
        }
        if keys.contains(where: { $0.stringValue.count > 64 }) {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected keys of at most 64 characters")
        }
        for key in keys { _ = fields.text(key, count: 0...512) }
    }
}
