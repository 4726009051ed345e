/// Where this installation keeps its files. Only names: nothing is made or read here.
public struct Home: Sendable, Equatable {
    /// The folder that holds the others.
    public let root: String
    /// Where sockets are made; see ``prepareRunFolder()``.
    public let run: String

    /// One folder a model, named by its id.
    public var models: String { root + "/models" }
    public var logs: String { root + "/logs" }
    public var configurationFile: String { root + "/config.json" }

    /// - Parameter root: the folder for everything; `nil` is the platform's place for the user's data.
    public init(root: String?) {
        self.init(root: root, environment: [:])
    }

    /// The home that the environment names: `DPAIS_HOME`, else the platform's place for the user's data
    /// (`$XDG_DATA_HOME` or `~/.local/share` on Linux, `~/Library/Application Support` on macOS).
    public static func `default`(environment: [String: String]) -> Home {
        Home(root: nil, environment: environment)
    }

    /// - Parameters:
    ///   - root: the folder for everything; `nil` is what the environment names.
    ///   - environment: variables of the process. Empty ones count as not set, as the XDG specification asks.
    public init(root: String?, environment: [String: String]) {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let root = root ?? variable("DPAIS_HOME") ?? Home.platformRoot(variable)
        self.root = root.absolutePath
        self.run = Home.runFolder(root: self.root, runtimeFolder: variable("XDG_RUNTIME_DIR"))
    }

    private static func platformRoot(_ variable: (String) -> String?) -> String {
        let user = variable("HOME") ?? userHomeFolder()
        #if os(macOS)
            return user + "/Library/Application Support/dpais"
        #else
            // The specification has relative paths ignored.
            if let data = variable("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/dpais" }
            return user + "/.local/share/dpais"
        #endif
    }
}
