#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A process that runs on when this one and its terminal are gone.
public struct BackgroundProcess: Sendable {
    public let identifier: Int

    /// Starts an executable in a session of its own, with nothing to read, and what it says added to a log.
    ///
    /// - Parameters:
    ///   - executable: its path.
    ///   - arguments: without the executable's own name.
    ///   - log: the path of a file; it is made where it is not there.
    /// - Throws: ``BackgroundError``.
    public static func start(
        _ executable: String, arguments: [String], environment: [String: String], log: String
    ) throws(BackgroundError) -> BackgroundProcess {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Signals as a fresh program expects them, whatever this one set.
        var none = sigset_t()
        sigemptyset(&none)
        var standard = sigset_t()
        sigemptyset(&standard)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD] { sigaddset(&standard, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &standard)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | newSession
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var process = pid_t()
        let code = withStrings([executable] + arguments) { arguments in
            withStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw BackgroundError("Could not start \(executable)", code: code) }
        return BackgroundProcess(identifier: Int(process))
    }

    /// How a process ended that this one started; `nil` while it lives.
    public func end() -> String? {
        var status: Int32 = 0
        guard waitpid(pid_t(identifier), &status, WNOHANG) == pid_t(identifier) else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? "it ended with exit code \((status >> 8) & 0xFF)" : "signal \(signal) ended it"
    }

    /// `POSIX_SPAWN_SETSID`, which no header shows to Swift.
    private static var newSession: Int32 {
        #if canImport(Darwin)
            0x0400
        #else
            0x80
        #endif
    }
}

/// Texts as C has a list of them, for the time of the call.
private func withStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
