/// Why a catalogue cannot be used. The description says what was wrong and what to do next.
public enum CatalogueError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(catalogue: String, reason: String)
    case invalidEntry(catalogue: String, entry: String, reason: String)
    /// Its bytes are not those that it was pinned by.
    case wrongDigest(catalogue: String, expected: String, actual: String)
    /// A catalogue of this name is there already, with other bytes.
    case alreadyAdded(name: String, pinned: String, actual: String)
    case unknown(name: String, known: [String])
    case invalidName(String)
    case invalidDigest(String)

    public var description: String {
        switch self {
        case .unreadable(let catalogue, let reason):
            "The catalogue '\(catalogue)' cannot be read: \(reason) It must be JSON of the form {\"models\": [...]}."
        case .invalidEntry(let catalogue, let entry, let reason):
            "The entry '\(entry)' of the catalogue '\(catalogue)' cannot be used: \(reason)"
        case .wrongDigest(let catalogue, let expected, let actual):
            "The catalogue '\(catalogue)' has the SHA-256 \(actual), but is pinned to \(expected), so it is not used. "
                + "Where you trust the new one, remove the catalogue and add it again."
        case .alreadyAdded(let name, let pinned, let actual):
            "There is a catalogue '\(name)' already, pinned to \(pinned), and this one has the SHA-256 \(actual). "
                + "Where you trust the new one, remove the old one first, or give this one another name."
        case .unknown(let name, let known):
            "There is no catalogue '\(name)'. "
                + (known.isEmpty ? "None has been added." : "There are: \(known.joined(separator: ", ")).")
        case .invalidName(let name):
            "'\(name)' cannot name a catalogue: use 1 to 64 of the characters a–z, 0–9, '.', '_' and '-', beginning "
                + "with a letter or digit."
        case .invalidDigest(let digest):
            "'\(digest)' is no SHA-256: it must have 64 hexadecimal digits."
        }
    }
}
