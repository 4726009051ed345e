/// What a running server writes down of itself for the commands that come after it.
public struct ServerRecord: Sendable, Equatable, Codable {
    /// Who looks after the process.
    public enum Keeper: String, Sendable, Codable {
        /// The terminal that it was started in.
        case terminal
        /// Nobody: it runs on by itself.
        case background
        /// systemd, as a service of the user.
        case systemd
    }

    public var process: Int
    /// Where it answers, such as `http://127.0.0.1:8553`; `nil` until it listens.
    public var address: String?
    public var version: String
    /// When it started, in seconds since 1970.
    public var started: Int
    public var keeper: Keeper
    /// The flags that it was given.
    public var arguments: [String]

    public init(
        process: Int, address: String? = nil, version: String, started: Int, keeper: Keeper, arguments: [String] = []
    ) {
        self.process = process
        self.address = address
        self.version = version
        self.started = started
        self.keeper = keeper
        self.arguments = arguments
    }
}
