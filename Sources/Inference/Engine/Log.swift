/// Receives whole lines of an engine's log; they may name files of the machine.
public typealias Log = @Sendable (_ level: LogLevel, _ line: String) -> Void

/// How much a line matters; each level shows what follows it, too.
public enum LogLevel: Sendable {
    case trace, debug, info, warning, error
}
