/// How files are fetched.
public struct DownloadSettings: Sendable, Equatable {
    /// The model hub's address, without a trailing slash.
    public var hub: String
    /// Sent to the hub's own host only.
    public var hubToken: String?
    /// How often in a row a connection may fail without bringing anything new.
    public var attempts: Int
    /// The wait after the first failure; it doubles with each one that follows, up to a minute.
    public var firstDelay: Duration
    /// The longest silence of a source that is still waited for.
    public var idleLimit: Duration
    /// Environment variables for pip, such as `PIP_INDEX_URL`, beside and over those of this process.
    public var pipEnvironment: [String: String]

    public init(
        hub: String = "https://huggingface.co", hubToken: String? = nil, attempts: Int = 6,
        firstDelay: Duration = .milliseconds(500), idleLimit: Duration = .seconds(30),
        pipEnvironment: [String: String] = [:]
    ) {
        var hub = hub
        while hub.hasSuffix("/") { hub.removeLast() }
        self.hub = hub
        self.hubToken = hubToken
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.idleLimit = idleLimit
        self.pipEnvironment = pipEnvironment
    }

    /// The defaults, with the hub's address from `HF_ENDPOINT` and the token from `HF_TOKEN` where they are set.
    public init(environment: [String: String]) {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init(hub: variable("HF_ENDPOINT") ?? "https://huggingface.co", hubToken: variable("HF_TOKEN"))
    }
}
