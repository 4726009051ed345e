import Configuration

/// The value of a command-line flag that sets a setting.
public enum SettingFlag: Sendable, Equatable {
    case text(String)
    case number(Int)
    case list([String])

    var configValue: ConfigValue {
        switch self {
        case .text(let text): ConfigValue(.string(text), isSecret: false)
        case .number(let number): ConfigValue(.int(number), isSecret: false)
        case .list(let texts): ConfigValue(.stringArray(texts), isSecret: false)
        }
    }
}
