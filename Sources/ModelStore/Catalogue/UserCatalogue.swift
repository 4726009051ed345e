/// A catalogue that the user has added to the built-in one.
public struct UserCatalogue: Sendable, Equatable, Codable, Identifiable {
    /// The name that it is removed by.
    public var id: String
    /// Where it came from: an absolute path, or an `http` or `https` address.
    public var location: String
    /// What its bytes are pinned to; lower-case hexadecimal.
    public var sha256: String
    /// When it was added, in seconds since 1970.
    public var added: Int
    /// The ids of its models.
    public var models: [String]
}
