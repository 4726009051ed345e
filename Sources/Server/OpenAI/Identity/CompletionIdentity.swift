/// What a completion's reply, or all the chunks of it, have in common.
struct CompletionIdentity: Sendable {
    let id: String
    /// Seconds of Unix time.
    let created: Int
    let model: String
    let systemFingerprint: String

    /// A new reply, now.
    init(model: String, fingerprint: String) {
        id = .identifier("cmpl-")
        created = .unixTime
        self.model = model
        systemFingerprint = fingerprint
    }
}
