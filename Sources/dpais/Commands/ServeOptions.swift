import ArgumentParser
import Server

/// What `serve`, `start` and `restart` are given alike.
struct ServeOptions: ParsableArguments {
    @Option(help: "Address to listen on. Anything but loopback lets others use your models.")
    var host: String?

    @Option(help: "Port to listen on; 0 takes any that is free.")
    var port: Int?

    @Option(help: "Least severe log line written: trace, debug, info, notice, warning, error, critical.")
    var logLevel: String?

    @Option(
        help: "Models to load at once, instead of at their first request; several by commas, or the option again.",
        completion: .installedModels)
    var preload: [String] = []

    @Option(help: "How long a model stays in memory after its last answer: 5m, 1h30m, 0; -1 keeps it.")
    var keepAlive: String?

    @Option(help: "Memory that loaded models may take together, such as 8GB; the setting models.memory-budget.")
    var memoryBudget: String?

    /// The settings that they are.
    var flags: [String: SettingFlag] {
        var flags: [String: SettingFlag] = [:]
        if let host { flags["server.host"] = .text(host) }
        if let port { flags["server.port"] = .number(port) }
        if let logLevel { flags["log.level"] = .text(logLevel) }
        if !preload.isEmpty { flags["models.preload"] = .list(preloaded) }
        if let keepAlive { flags["models.keep-alive"] = .text(keepAlive) }
        if let memoryBudget { flags["models.memory-budget"] = .text(memoryBudget) }
        return flags
    }

    /// The same on a command line.
    var arguments: [String] {
        var arguments: [String] = []
        func add(_ name: String, _ value: String?) {
            // Joined, so that a value that begins with a dash is one.
            if let value { arguments.append("--\(name)=\(value)") }
        }
        add("host", host)
        add("port", port.map(String.init))
        add("log-level", logLevel)
        add("preload", preload.isEmpty ? nil : preloaded.joined(separator: ","))
        add("keep-alive", keepAlive)
        add("memory-budget", memoryBudget)
        return arguments
    }

    private var preloaded: [String] { preload.flatMap { $0.split(separator: ",").map(String.init) } }
}
