/// Why a `tokenizer.json` cannot be used.
///
/// Its text names parts of the file, never the file's place.
package enum TokenizerFileError: Error, Sendable, Equatable {
    /// The file cannot be read.
    case unreadable
    /// The file is not what a `tokenizer.json` is: where, and what was expected.
    case malformed(String)
    /// The file asks for something that this tokenizer does not do: what.
    case unsupported(String)
}

extension TokenizerFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable: "The tokenizer's file cannot be read."
        case .malformed(let detail): "The tokenizer's file is damaged: \(detail)."
        case .unsupported(let what): "The tokenizer's file asks for something that is not supported: \(what)."
        }
    }
}
