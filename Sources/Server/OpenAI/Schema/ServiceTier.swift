/// How a request would be queued and billed elsewhere. Here there is one way, `default`, and replies say so.
enum ServiceTier: String, CaseIterable {
    case auto, `default`, flex, scale, priority, fast
}
