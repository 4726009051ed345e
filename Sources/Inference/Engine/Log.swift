/// Receives whole lines of an engine's log; they may name files of the machine.
public typealias Log = @Sendable (_ level: LogLevel, _ line: String) -> Void

public enum LogLevel: Sendable {
    case trace, debug, info, warning, error
}
