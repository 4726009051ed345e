extension Settings {
    /// Reads the settings: flags over environment over file over defaults.
    ///
    /// - Parameters:
    ///   - flags: values from the command line by key, such as `["server.port": .number(9000)]`.
    ///   - environment: the process's environment; only names that begin with `DPAIS_` matter.
    ///   - file: the path of `config.json`; it need not exist.
    /// - Throws: ``SettingsError`` that names each value of a wrong type or range, and where it came from.
    public static func load(
        flags: [String: SettingFlag] = [:], environment: [String: String] = [:], file: String? = nil
    ) async throws -> Settings {
        var layers: [SettingLayer] = [.flags(flags), .environment(environment)]
        if let file { layers.append(try await .file(file)) }
        var table = SettingReader(layers: layers)
        let settings = Settings(reading: &table)
        guard table.faults.isEmpty else { throw SettingsError(faults: table.faults) }
        return settings
    }
}
