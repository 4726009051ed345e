/// How files are fetched.
public struct DownloadSettings: Sendable, Equatable {
    /// The address of the model hub where none is set.
    public static let publicHub = "https://huggingface.co"

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
    /// Connections that fetch one large file together.
    public var connections: Int
    /// The fewest bytes that are worth a connection of their own; smaller files come over one.
    public var pieceBytes: Int
    /// Which requests go through a proxy.
    public var proxies: ProxySettings
    /// Environment variables for pip, such as `PIP_INDEX_URL`, beside and over those of this process.
    public var pipEnvironment: [String: String]

    public init(
        hub: String = publicHub, hubToken: String? = nil, attempts: Int = 6, firstDelay: Duration = .milliseconds(500),
        idleLimit: Duration = .seconds(30), connections: Int = 4, pieceBytes: Int = 8 << 20,
        proxies: ProxySettings = ProxySettings(), pipEnvironment: [String: String] = [:]
    ) {
        var hub = hub
        while hub.hasSuffix("/") { hub.removeLast() }
        self.hub = hub
        self.hubToken = hubToken
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.idleLimit = idleLimit
        self.connections = connections
        self.pieceBytes = pieceBytes
        self.proxies = proxies
        self.pipEnvironment = pipEnvironment
    }

    /// The defaults, with what the environment says: the token from `HF_TOKEN`, the proxies from their variables, and
    /// the hub's address from `HF_ENDPOINT` where no mirror is set.
    ///
    /// - Parameters:
    ///   - hubMirror: the setting `download.hub-mirror`; empty is none.
    ///   - connections: the setting `download.connections`.
    public init(environment: [String: String], hubMirror: String = "", connections: Int? = nil) {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init(
            hub: hubMirror.isEmpty ? variable("HF_ENDPOINT") ?? Self.publicHub : hubMirror,
            hubToken: variable("HF_TOKEN"), connections: connections ?? 4,
            proxies: ProxySettings(environment: environment))
    }
}

extension DownloadSettings: CustomStringConvertible {
    /// What may be seen by others: neither the token nor what addresses of proxies and of pip's indexes carry.
    public var description: String {
        "DownloadSettings(connections: \(connections), attempts: \(attempts), token: \(hubToken == nil ? "none" : "set"))"
    }
}
