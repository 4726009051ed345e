/// What all the chunks of a reply have in common.
package struct ChatCompletionIdentity: Sendable {
    let id: String
    /// Seconds of Unix time.
    let created: Int
    let model: String
    let systemFingerprint: String
    /// Only where the request named a tier.
    let serviceTier: String?

    package init(id: String, created: Int, model: String, systemFingerprint: String, serviceTier: String?) {
        self.id = id
        self.created = created
        self.model = model
        self.systemFingerprint = systemFingerprint
        self.serviceTier = serviceTier
    }

    /// A new reply, now.
    init(model: String, fingerprint: String, wire: CreateChatCompletionRequest) {
        self.init(
            id: .identifier("chatcmpl-"), created: .unixTime, model: model, systemFingerprint: fingerprint,
            serviceTier: wire.serviceTier.map { _ in "default" })
    }
}
