/// The description of the server as a service of systemd's.
public struct UnitFile: Sendable, Equatable {
    public var executable: String
    public var arguments: [String]
    public var environment: [String: String]
    /// The file that what the server says is added to.
    public var log: String
    /// Seconds that it may take to stop.
    public var stopTimeout: Int

    public init(
        executable: String, arguments: [String], environment: [String: String], log: String, stopTimeout: Int
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.log = log
        self.stopTimeout = stopTimeout
    }

    public var text: String {
        let variables = environment.sorted { $0.key < $1.key }.map {
            "Environment=" + Self.quoted("\($0.key)=\($0.value)")
        }
        let command = ([executable] + arguments).map(Self.quotedArgument).joined(separator: " ")
        return """
            # Written by `dpais start`, and anew each time; `dpais uninstall` removes it.
            [Unit]
            Description=dpais, AI models served on this machine
            Documentation=man:dpais(1)
            After=network.target

            [Service]
            ExecStart=\(command)
            \(variables.map { $0 + "\n" }.joined())StandardOutput=append:\(Self.escaped(log))
            StandardError=inherit
            Restart=on-failure
            RestartSec=2
            KillMode=mixed
            TimeoutStopSec=\(stopTimeout)

            [Install]
            WantedBy=default.target

            """
    }

    /// As systemd's "Quoting" has it, with its specifiers taken literally.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text {
            switch character {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "%": quoted += "%%"
            default: quoted.append(character)
            }
        }
        return quoted + "\""
    }

    /// In a command's line a dollar is a variable, unless there are two.
    private static func quotedArgument(_ text: String) -> String {
        quoted(text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$"))
    }

    /// A path that is taken to the line's end.
    private static func escaped(_ path: String) -> String {
        path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }
}
