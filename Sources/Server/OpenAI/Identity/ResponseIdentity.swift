/// What a response, in all the states that a stream tells of, has in common.
struct ResponseIdentity: Sendable {
    let id: String
    /// Seconds of Unix time.
    let created: Int
    let model: String
    let echo: ResponseEcho

    /// A new reply, now.
    init(model: String, echo: ResponseEcho) {
        id = .identifier("resp_")
        created = .unixTime
        self.model = model
        self.echo = echo
    }
}
