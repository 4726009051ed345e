import Background
import Logging

/// Writes log lines to standard error, and puts the log file that this leads to aside where it has become large.
struct RotatingLogHandler: LogHandler {
    private var lines: StreamLogHandler
    private let rotation: LiveLogRotation?

    /// - Parameter log: the file that standard error leads to, where it does.
    init(label: String, log: String) {
        lines = .standardError(label: label)
        rotation = LiveLogRotation(log)
    }

    var logLevel: Logger.Level {
        get { lines.logLevel }
        set { lines.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { lines.metadata }
        set { lines.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { lines[metadataKey: key] }
        set { lines[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        lines.log(event: event)
        rotation?.rotateIfLarge()
    }
}
