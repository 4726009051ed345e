import Logging

/// How a runner's log reaches the server's: a line on standard error is a level, a space, and the message. The server
/// writes it into its own log, with its own time and format.
public struct RunnerLogLine: Sendable, Equatable {
    public var level: Logger.Level
    public var message: Substring

    /// A line that does not begin with a level, such as an engine writes when it aborts, is an error in whole.
    public init(_ line: some StringProtocol) {
        let line = Substring(line)
        let word = line.prefix { $0 != " " }
        if let level = Logger.Level(rawValue: String(word)) {
            self.level = level
            message = line.dropFirst(word.count + 1)
        } else {
            level = .error
            message = line
        }
    }
}

/// Writes a runner's log to its standard error.
struct RunnerLogHandler: LogHandler {
    var metadata = Logger.Metadata()
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let fields = all.map { " \($0.key)=\($0.value)" }.joined()
        FileDescriptorOutput.standardError.write("\(event.level.rawValue) \(event.message)\(fields)\n")
    }
}
