import CWhisper
import Inference

/// whisper.cpp as an engine: Whisper models that come as its own ggml files.
public final class WhisperCppEngine: Engine, TranscriptionEngine {
    public struct Configuration: Sendable {
        /// The ggml file.
        public var modelPath: String
        /// What stands for the model's bytes in the fingerprint.
        public var modelDigest: String
        /// Threads to compute with at first.
        public var threads: Int
        /// The most threads that ``WhisperCppEngine/setThreads(_:)`` may ask for.
        public var maximumThreads: Int
        /// Files that may be in work or waiting together.
        public var requestLimit: Int

        public init(
            modelPath: String, modelDigest: String, threads: Int, maximumThreads: Int, requestLimit: Int = 72
        ) {
            self.modelPath = modelPath
            self.modelDigest = modelDigest
            self.threads = max(1, threads)
            self.maximumThreads = max(1, threads, maximumThreads)
            self.requestLimit = requestLimit
        }
    }

    public let description: EngineDescription

    private let model: WorkThread<WhisperModel>
    private let header: ModelHeader
    private let line: RequestLine
    private let maximumThreads: Int
    private let log: Log

    /// Files that are worked on side by side, a window of each in turn; each takes half a minute of sound.
    private static let parallel = 4

    /// Loads the model.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the file is no model that whisper.cpp can run,
    ///   or memory does not suffice.
    public init(_ configuration: Configuration, log: @escaping Log = { _, _ in }) async throws {
        EngineLog.start(log)
        let header = try ModelHeader(path: configuration.modelPath)
        model = try await WorkThread("whisper.cpp") { try WhisperModel(path: configuration.modelPath, header: header) }
        self.header = header
        self.log = log
        line = RequestLine(
            parallel: Self.parallel, limit: configuration.requestLimit, work: "sounds are being transcribed")
        line.setThreads(configuration.threads)
        maximumThreads = configuration.maximumThreads
        let version = whisper_version().map { String(cString: $0) } ?? ""
        description = EngineDescription(
            capabilities: [.transcription], engine: "whisper.cpp \(version)", device: "cpu",
            fingerprint: Fingerprint.of(configuration.modelDigest, version), contextLength: nil,
            parallelRequests: Self.parallel)
    }

    /// Whether a file is of whisper.cpp's format, by its first bytes.
    public static func reads(_ path: String) -> Bool { ModelHeader.isFirst(in: path) }

    // MARK: Engine

    public func statistics() async -> EngineStatistics { line.statistics }

    public func setThreads(_ count: Int) async { line.setThreads(min(max(1, count), maximumThreads)) }

    public func shutDown() async {
        line.stop()
        // After the window that is being computed.
        try? await model.run { $0.close() }
    }

    // MARK: TranscriptionEngine

    public func transcribe(_ request: TranscriptionRequest, file: String) async throws -> TranscriptionEvents {
        let language = try checkedLanguage(request)
        guard (1...WhisperModel.maximumBeams).contains(request.beamSize) else {
            throw InferenceError(
                .invalidRequest,
                "beam_size is \(request.beamSize); this model takes 1 to \(WhisperModel.maximumBeams).",
                parameter: "beam_size")
        }
        guard (0...1).contains(request.temperature) else {
            throw InferenceError(
                .invalidRequest, "temperature is \(request.temperature); it may be 0 to 1.", parameter: "temperature")
        }
        let place = try line.enter()
        do {
            let sound = try await SoundBuffer(path: file)
            let run = TranscriptionRun(
                request, language: language, sound: sound, model: model, header: header, line: line, log: log)
            return TranscriptionEvents(run: run, place: place)
        } catch {
            place.leave(error is CancellationError ? .cancelled : .failed)
            throw error
        }
    }

    /// The code of the language that was asked for; English for a model that knows no other; `nil` is detected.
    private func checkedLanguage(_ request: TranscriptionRequest) throws(InferenceError) -> String? {
        if !header.isMultilingual, request.task == .translate {
            throw InferenceError(
                .unsupported, "This model knows English only, so it cannot translate; install a multilingual one.",
                parameter: "model")
        }
        guard let asked = request.language else { return header.isMultilingual ? nil : "en" }
        guard let language = SpeechLanguage(asked) else {
            throw InferenceError(
                .invalidRequest, "`\(asked)` is no language that Whisper knows; give an ISO 639-1 code such as `de`.",
                parameter: "language")
        }
        guard SpeechLanguage.all.prefix(header.languages).contains(language) else {
            throw InferenceError(
                .invalidRequest,
                header.isMultilingual
                    ? "This model does not know \(language.name)." : "This model knows English only.",
                parameter: "language")
        }
        return language.code
    }
}
