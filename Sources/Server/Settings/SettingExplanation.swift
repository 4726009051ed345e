/// One setting as it stands, for `dpais config show`.
public struct SettingExplanation: Sendable, Equatable {
    /// The key in the file and in flags, such as `server.port`.
    public let key: String
    /// The value in force, as a user would write it.
    public let value: String
    public let source: SettingSource
    /// The environment variable that sets it, such as `DPAIS_SERVER_PORT`.
    public let environmentName: String
    /// One line on what the setting does.
    public let documentation: String
}

/// Where the value of a setting came from.
public enum SettingSource: Sendable, Equatable, CustomStringConvertible {
    case flag
    /// The environment variable of this name.
    case environment(String)
    case file
    case `default`

    public var description: String {
        switch self {
        case .flag: "flag"
        case .environment(let name): "environment \(name)"
        case .file: "file"
        case .default: "default"
        }
    }
}
