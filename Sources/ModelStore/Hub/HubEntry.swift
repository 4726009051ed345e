/// A file of a repository, as the hub lists it.
struct HubEntry: Sendable, Equatable {
    /// From the top of the repository.
    var path: String
    var bytes: Int?
    /// Lower-case hexadecimal; `nil` for small files, which the hub keeps in git.
    var sha256: String?
    /// The name that git gives to what a small file holds.
    var gitBlob: String?

    var facts: FileFacts { FileFacts(bytes: bytes, sha256: sha256, gitBlob: sha256 == nil ? gitBlob : nil) }
}
