import Inference
import OpenVINORuntime
import Synchronization
import WhisperEngine

extension WhisperEngine {
    /// An engine around a scripted model.
    static func scripted(
        _ settings: WhisperSettings, limit: Int = 72, log: @escaping Log = { _, _ in },
        model: @escaping @Sendable () throws -> ScriptedModel
    ) async throws -> WhisperEngine {
        try await WhisperEngine(
            .init(folder: "", modelDigest: "toy", threads: 2, maximumThreads: 4, requestLimit: limit),
            settings: settings,
            text: .bytes(settings), threads: ThreadCount(2), log: log, model: model)
    }

    /// All events of a sound.
    func events(
        _ samples: [Float], _ request: TranscriptionRequest = TranscriptionRequest(beamSize: 1)
    ) async throws -> [TranscriptionEvent] {
        var events: [TranscriptionEvent] = []
        for try await event in try await transcribe(request, of: { MadeSound(samples) }) { events.append(event) }
        return events
    }

    func segments(
        _ samples: [Float], _ request: TranscriptionRequest = TranscriptionRequest(beamSize: 1)
    ) async throws -> [TranscriptionSegment] {
        try await events(samples, request).compactMap { if case .segment(let segment) = $0 { segment } else { nil } }
    }
}

/// What a model was given, for tests to look at afterwards.
final class Witness: Sendable {
    let prompts = Mutex<[[Int32]]>([])
}
