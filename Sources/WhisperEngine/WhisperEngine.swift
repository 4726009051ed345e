import Inference
import Media
import OpenVINORuntime

/// Whisper on OpenVINO as an engine: speech written down in its own language, or in English.
///
/// A model is a folder of graphs, which the import made (`encoder`, `decoder` and `aligner`), its tokenizer, and `whisper.json`.
/// Sounds take turns by window of 30 s, so that a short one does not wait for the end of a long one.
public final class WhisperEngine: Engine, TranscriptionEngine {
    public let description: EngineDescription

    private let settings: WhisperSettings
    private let text: WhisperText
    private let recognizer: InferenceLane<Recognizer>
    private let threads: ThreadCount
    private let line: RequestLine
    private let maximumThreads: Int
    private let log: Log

    /// Sounds that are worked on side by side, each with a window in memory; further ones wait.
    package static let parallel = 8
    /// Candidates that a beam may keep.
    package static let widestBeam = 10

    /// Loads the model of a folder.
    ///
    /// - Throws: ``Inference/InferenceError``: `unavailable` where a file is missing or cannot be read or the device is not
    ///   there.
    public convenience init(_ configuration: Configuration, log: @escaping Log = { _, _ in }) async throws {
        let settings = try WhisperSettings(folder: configuration.folder)
        let threads = ThreadCount(configuration.threads)
        do {
            let text = try WhisperText(folder: configuration.folder, settings: settings)
            try await self.init(configuration, settings: settings, text: text, threads: threads, log: log) {
                try OpenVINOSpeechModel(configuration, settings: settings, threads: threads)
            }
        } catch let error as InferenceError {
            throw error
        } catch {
            log(.error, "\(error)")
            throw InferenceError(
                .unavailable, "The model's files cannot be loaded; the log says why. Install the model again.",
                parameter: "model")
        }
    }

    /// - Parameter model: makes the model, on the thread that computes.
    package init(
        _ configuration: Configuration, settings: WhisperSettings, text: WhisperText, threads: ThreadCount,
        log: @escaping Log = { _, _ in }, model: @escaping @Sendable () throws -> any SpeechModel
    ) async throws {
        self.settings = settings
        self.text = text
        self.threads = threads
        self.log = log
        maximumThreads = configuration.maximumThreads
        recognizer = try await InferenceLane("speech") { Recognizer(try model(), text) }
        line = RequestLine(
            parallel: Self.parallel, limit: configuration.requestLimit, work: "sounds are being transcribed")
        line.setThreads(configuration.threads)
        description = EngineDescription(
            capabilities: [.transcription], engine: "OpenVINO \(Core.version)",
            device: await recognizer.run { $0.device },
            fingerprint: Fingerprint.of(
                configuration.modelDigest, Core.version, configuration.device.name, configuration.precision.rawValue),
            contextLength: nil, parallelRequests: Self.parallel)
    }

    // MARK: Engine

    public func statistics() async -> EngineStatistics { line.statistics }

    public func setThreads(_ count: Int) async {
        threads.value = min(max(1, count), maximumThreads)
        line.setThreads(threads.value)
    }

    public func shutDown() async {
        line.stop()
        // The window that is being computed is waited for.
        await recognizer.run { _ in }
    }

    // MARK: TranscriptionEngine

    public func transcribe(_ request: TranscriptionRequest, file: String) async throws -> TranscriptionEvents {
        try await transcribe(request) { () throws -> any SampleSource in
            do {
                return try SoundReader(path: file)
            } catch let fault as MediaFault {
                throw fault.asError
            }
        }
    }

    /// - Parameter source: opens the sound, on a thread that may wait for a disk.
    package func transcribe(
        _ request: TranscriptionRequest, of source: @escaping @Sendable () throws -> any SampleSource
    ) async throws -> TranscriptionEvents {
        let language = try language(of: request)
        guard (1...Self.widestBeam).contains(request.beamSize) else {
            throw InferenceError(
                .invalidRequest, "beam_size is \(request.beamSize); it may be 1 to \(Self.widestBeam).",
                parameter: "beam_size")
        }
        let place = try line.enter()
        do {
            let windows = try await InferenceLane("reading sound") { [bands = settings.melBands] in
                SoundWindows(try source(), bands: bands)
            }
            let transcription = SoundTranscription(
                request, language: language, prompt: text.tokens(ofPrompt: request.prompt ?? ""), windows: windows,
                recognizer: recognizer, place: place, log: log)
            return TranscriptionEvents(transcription: transcription)
        } catch {
            place.leave(error is CancellationError ? .cancelled : .failed)
            throw error
        }
    }

    /// The model's code of the language that was asked for; `nil` is detected.
    private func language(of request: TranscriptionRequest) throws(InferenceError) -> String? {
        guard settings.isMultilingual || request.task == .transcribe else {
            throw InferenceError(
                .unsupported, "This model knows English only, so it cannot translate; use a multilingual one.",
                parameter: "model")
        }
        guard let asked = request.language, !asked.isEmpty else { return settings.isMultilingual ? nil : "en" }
        let known = settings.isMultilingual ? settings.languages : ["en"]
        let code = SpeechLanguage(asked)?.code ?? asked.lowercased()
        guard known.contains(code) else {
            throw InferenceError(
                .invalidRequest,
                "This model does not know the language \"\(asked)\"; it knows: \(known.joined(separator: ", ")).",
                parameter: "language")
        }
        return code
    }
}
