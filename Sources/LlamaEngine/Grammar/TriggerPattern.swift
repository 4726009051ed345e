import CLlamaShim
import Inference

/// A regular expression (ECMAScript) that marks where an answer's grammar begins; compiled once a request.
///
/// `@unchecked Sendable`: the compiled expression does not change, and the library's searches only read it.
final class TriggerPattern: @unchecked Sendable {
    /// Whether it can match at the start of a text alone.
    let isAnchored: Bool
    private let pointer: OpaquePointer

    /// - Throws: ``InferenceError`` of kind `internal` where the text is no regular expression: patterns come from the
    ///   model's tool format, not from the request.
    init(_ text: String) throws(InferenceError) {
        guard let pointer = dpais_pattern_create(text, nil) else {
            throw InferenceError(.internal, "The model's tool format has a pattern that cannot be compiled.")
        }
        self.pointer = pointer
        isAnchored = text.hasPrefix("^")
    }

    deinit { dpais_pattern_free(pointer) }

    /// Where the first match begins, or the first of its groups that is not empty.
    func firstMatch(in text: ArraySlice<UInt8>) -> Int? {
        let found = text.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { dpais_pattern_find(pointer, $0.baseAddress, $0.count, nil) }
        }
        return found < 0 ? nil : text.startIndex + Int(found)
    }
}
