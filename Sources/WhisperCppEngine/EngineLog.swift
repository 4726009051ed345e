import CWhisper
import Inference
import SystemSupport

/// whisper.cpp's log, which is the process's.
enum EngineLog {
    static func start(_ log: @escaping Log) {
        sink.withLock { $0.log = log }
        _ = started
    }

    private struct Sink {
        var log: Log?
        var line = ""
        var level = LogLevel.debug
    }

    private static let sink = Locked(Sink())

    private static let started: Void = whisper_log_set(
        { level, text, _ in
            guard let text else { return }
            EngineLog.append(String(cString: text), level)
        }, nil)

    /// What is said of a window whose successor was not begun, which is how each one ends here.
    private static let expected = "encoder_begin_callback returned false"

    /// Pieces of lines are joined and passed on as whole lines.
    private static func append(_ piece: String, _ level: ggml_log_level) {
        sink.withLock { sink in
            if level != GGML_LOG_LEVEL_CONT { sink.level = LogLevel(level) }
            sink.line += piece
            while let end = sink.line.firstIndex(of: "\n") {
                let line = String(sink.line[..<end])
                sink.line.removeSubrange(...end)
                if !line.isEmpty, !line.contains(expected) { sink.log?(sink.level, line) }
            }
        }
    }
}

extension LogLevel {
    /// What whisper.cpp tells of each file that it loads is for those who look for a fault.
    fileprivate init(_ level: ggml_log_level) {
        self =
            switch level {
            case GGML_LOG_LEVEL_ERROR: .error
            case GGML_LOG_LEVEL_WARN: .warning
            default: .debug
            }
    }
}
