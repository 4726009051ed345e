import Inference
import ModelStore
import NIOCore
import Performance
import RunnerProtocol
import Runners

/// Eleven seconds of speech to write down.
///
/// A recording, because nothing else is honest: of noise, or of sounds that only resemble speech, a model writes nothing,
/// or writes the same thing over and over until it is stopped, and either way the time says little of what speech takes.
/// It is from John F. Kennedy's inaugural address, 20 January 1961, which is in the public domain; mono, 16 kHz, as Vorbis.
struct TranscriptionWork: PerformanceWork {
    static let speech = ByteBuffer(bytes: PackageResources.speech_ogg)
    private static let seconds = 11.0

    private let service: any ModelService
    private let model: InstalledModel
    private let file: TemporaryFile
    let result = "Transcription performance measured."

    /// - Throws: ``UploadFault`` where the sound cannot be kept.
    init(service: any ModelService, model: InstalledModel, uploads: UploadFolder) throws(UploadFault) {
        self.service = service
        self.model = model
        file = try uploads.makeFile()
        try file.append(Self.speech)
    }

    func description(_ size: WorkSize) -> String { "\(Int(Self.seconds)) seconds of recorded English speech" }

    func perform(_ trial: Int, size: WorkSize) async throws -> WorkResult {
        let start = ContinuousClock.now
        let events = try await service.transcribe(
            TranscriptionRequest(), file: file.path, with: model, traceparent: nil)
        var duration: Double?
        for try await event in events {
            if case .finished(let summary) = event { duration = summary.duration }
        }
        let seconds = start.secondsSince
        try Task.checkCancellation()
        guard let duration, duration > 0 else { throw InferenceError.endedEarly }
        return WorkResult(seconds: seconds, metrics: [.realTimeFactor: seconds / duration])
    }
}
