/// Why files of a foreign format could not become a model. The message is a sentence for people; it names files without
/// their folders.
public struct ModelImportError: Error, Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// A file cannot be opened or read.
        case unreadable
        /// A file does not hold what its format demands.
        case malformed
        /// The files are sound, but describe something that is not known here.
        case unsupported
        /// The result cannot be written.
        case unwritable
    }

    public var kind: Kind
    public var message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension ModelImportError: CustomStringConvertible {
    public var description: String { message }
}
