import CLlama
import CLlamaShim
import Inference
import SystemSupport

/// llama.cpp's process-wide state: its backends and its log.
enum Backend {
    /// Loads the compute backends once; later calls do nothing.
    static func start(log: @escaping Log) {
        sink.set(log)
        _ = started
    }

    private static let sink = LogSink()

    private static let started: Void = {
        ggml_log_set(forward, nil)
        llama_log_set(forward, nil)
        llama_backend_init()
        dpais_backends_load()
    }()

    /// llama.cpp hands over pieces of lines; they are joined and passed on as whole lines.
    private static let forward: ggml_log_callback = { level, text, _ in
        guard let text else { return }
        Backend.sink.append(String(cString: text), level: level)
    }
}

extension LogLevel {
    fileprivate init(_ level: ggml_log_level) {
        self =
            switch level {
            case GGML_LOG_LEVEL_ERROR: .error
            case GGML_LOG_LEVEL_WARN: .warning
            case GGML_LOG_LEVEL_INFO: .info
            default: .debug
            }
    }
}

/// Collects pieces of log lines until they are whole.
private final class LogSink: Sendable {
    private struct State {
        var line = ""
        var level = LogLevel.info
        var log: Log?
    }

    private let state = Locked(State())

    func set(_ log: @escaping Log) {
        state.withLock { $0.log = log }
    }

    func append(_ piece: String, level: ggml_log_level) {
        state.withLock { state in
            if level != GGML_LOG_LEVEL_CONT { state.level = LogLevel(level) }
            state.line += piece
            while let end = state.line.firstIndex(of: "\n") {
                let line = String(state.line[..<end])
                state.line.removeSubrange(...end)
                if !line.isEmpty { state.log?(state.level, line) }
            }
        }
    }
}
