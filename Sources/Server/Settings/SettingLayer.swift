import Configuration

/// One place that settings come from.
struct SettingLayer {
    private enum Place {
        case flags
        case environment
        case file
    }

    private let place: Place
    private let provider: any ConfigProvider

    static func flags(_ flags: [String: SettingFlag]) -> Self {
        let values = flags.map { (AbsoluteConfigKey(ConfigKey($0)), $1.configValue) }
        return Self(
            place: .flags,
            provider: InMemoryProvider(name: "flags", values: Dictionary(values, uniquingKeysWith: { $1 })))
    }

    static func environment(_ variables: [String: String]) -> Self {
        Self(place: .environment, provider: EnvironmentVariablesProvider(environmentVariables: variables))
    }

    /// - Throws: ``SettingsError`` where there is a file that is not a JSON object.
    static func file(_ path: String) async throws -> Self {
        let location = InMemoryProvider(values: [
            ["filePath"]: ConfigValue(.string(path), isSecret: false),
            ["allowMissing"]: true,
        ])
        do {
            let provider = try await FileProvider<JSONSnapshot>(config: ConfigReader(provider: location))
            return Self(place: .file, provider: provider)
        } catch {
            throw SettingsError(faults: ["\(path) (file): expected a JSON object of settings"])
        }
    }

    /// The value that this place holds, if any.
    ///
    /// - Throws: where it holds one that is not of this type.
    func content(of key: String, as type: ConfigType) throws -> ConfigContent? {
        var components = ConfigKey(key).components
        if case .environment = place { components.insert("dpais", at: 0) }
        return try provider.value(forKey: AbsoluteConfigKey(components), type: type).value?.content
    }

    func source(of key: String) -> SettingSource {
        switch place {
        case .flags: .flag
        case .environment: .environment(Self.environmentName(of: key))
        case .file: .file
        }
    }

    /// `server.port` is set by `DPAIS_SERVER_PORT`.
    static func environmentName(of key: String) -> String {
        "DPAIS_" + String(key.uppercased().map { $0 == "." || $0 == "-" ? "_" : $0 })
    }
}
