#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        self.init(
            id: "chatcmpl-" + String((0..<29).map { _ in letters[Int.random(in: letters.indices)] }),
            created: Int(Date().timeIntervalSince1970), model: model, systemFingerprint: fingerprint,
            serviceTier: wire.serviceTier.map { _ in "default" })
    }
}
