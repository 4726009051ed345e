/// A place on a model hub, as people write it: `hf:owner/name`, perhaps with a file or folder of the repository, a
/// revision after `@`, and the kind of quantisation after `:`.
public struct HubPlace: Sendable, Equatable, CustomStringConvertible {
    /// `owner/name`.
    public var repository: String
    /// A file or folder of the repository; `nil` where the repository as a whole is meant.
    public var path: String?
    /// A branch, a tag or a commit.
    public var revision: String
    /// Such as `Q4_K_M`; `nil` leaves the choice to this program.
    public var quantisation: String?

    public init(repository: String, path: String? = nil, revision: String = "main", quantisation: String? = nil) {
        self.repository = repository
        self.path = path
        self.revision = revision
        self.quantisation = quantisation
    }

    /// Reads `hf:owner/name[/path][@revision][:quantisation]`, the last two in either order.
    ///
    /// - Returns: `nil` where the text does not begin like one.
    /// - Throws: ``InstallError/invalidSource(_:reason:)`` where it begins like one and is none.
    init?(_ text: String) throws(InstallError) {
        if let page = Self.page(text) {
            self = page
            return
        }
        guard let scheme = ["hf://", "hf:"].first(where: { text.lowercased().hasPrefix($0) }) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "@" || $0 == ":" } ?? rest.endIndex
        let parts = rest[..<end].split(separator: "/", omittingEmptySubsequences: false)
        repository = parts.prefix(2).joined(separator: "/")
        let path = parts.dropFirst(2).joined(separator: "/")
        self.path = path.isEmpty ? nil : path.hasSuffix("/") ? String(path.dropLast()) : path
        revision = "main"
        guard Self.isRepository(repository), Self.isPath(self.path ?? "x") else {
            throw .invalidSource(text, reason: Self.form)
        }
        try readMarks(rest[end...], of: text)
    }

    /// The address of a repository's page, or of a file's, as a browser shows it; `nil` where it is none.
    private static func page(_ text: String) -> HubPlace? {
        guard text.hasPrefix(DownloadSettings.publicHub + "/") else { return nil }
        let parts = text.dropFirst(DownloadSettings.publicHub.count + 1).prefix { $0 != "?" && $0 != "#" }
            .split(separator: "/").map(String.init)
        let repository = parts.prefix(2).joined(separator: "/")
        guard isRepository(repository) else { return nil }
        if parts.count == 2 { return HubPlace(repository: repository) }
        guard parts.count > 3, ["tree", "blob", "resolve"].contains(parts[2]) else { return nil }
        let path = parts.dropFirst(4).joined(separator: "/")
        guard isPath(path.isEmpty ? "x" : path), isPath(parts[3]) else { return nil }
        return HubPlace(repository: repository, path: path.isEmpty ? nil : path, revision: parts[3])
    }

    private static let form =
        "a place on the hub is written hf:owner/name, and may go on with /file, @revision and :Q4_K_M."

    /// What follows the path.
    private mutating func readMarks(_ marks: Substring, of text: String) throws(InstallError) {
        var rest = marks
        var seen: Set<Character> = []
        while let mark = rest.first {
            rest = rest.dropFirst()
            let value = String(rest.prefix { $0 != ":" && $0 != "@" })
            rest = rest.dropFirst(value.count)
            guard seen.insert(mark).inserted, Self.isPath(value) else {
                throw .invalidSource(text, reason: Self.form)
            }
            if mark == "@" { revision = value } else { quantisation = value }
        }
    }

    /// An id for the model, made of the repository's name or the file's, and of the quantisation where one is named.
    var suggestedName: String {
        if let path, path.contains(".") { return ModelIdentifier.suggestion(SplitName(path)?.stem ?? path) }
        let name = ModelIdentifier.suggestion(repository)
        return quantisation.map { ModelIdentifier.suggestion("\(name)-\($0)") } ?? name
    }

    public var description: String {
        "hf:" + repository + (path.map { "/" + $0 } ?? "") + (revision == "main" ? "" : "@" + revision)
            + (quantisation.map { ":" + $0 } ?? "")
    }

    /// Whether a text is `owner/name` of a repository.
    static func isRepository(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.count <= 96 && part != "." && part != ".."
                    && part.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
            }
    }

    /// Whether a text can be a part of an address as it stands.
    private static func isPath(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".."
                && part.utf8.allSatisfy { isWordByte($0) || ".-+ ()[]".utf8.contains($0) }
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
    }
}
