#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Decoder {
    /// The keys of the object that is being decoded, in the order they were written; each once.
    ///
    /// A decoding container has them in no order, and the arguments of a call are generated in the schema's.
    func keysAsWritten() throws -> [AnyKey] {
        var text = try RawJSON(from: self).text
        var seen: Set<String> = []
        return try text.withUTF8 { bytes in
            var keys: [AnyKey] = []
            let bytes = UnsafeRawBufferPointer(bytes)
            _ = try JSONScanner(bytes).skipObject(0) { key, _ in
                // It has been found to be a JSON string, so that this cannot fail.
                guard let name = try? JSONDecoder().decode(String.self, from: Data(bytes[key])) else { return }
                if seen.insert(name).inserted { keys.append(AnyKey(stringValue: name)) }
            }
            return keys
        }
    }
}
