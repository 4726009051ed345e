import Foundation
import Inference
import ModelStore
import RunnerProtocol
import Runners
import Server
import Synchronization
import TestSupport

/// Writes every sound down as the test tells it to.
final class FakeTranscription: TranscriptionService {
    typealias Script = @Sendable (TranscriptionRequest) async throws -> TranscriptionEvents

    /// What was asked, and the file as it was then.
    struct Asked: Sendable {
        let request: TranscriptionRequest
        let path: String
        let content: Data
        let permissions: Int
    }

    private let script: Script
    private let asked = Mutex<[Asked]>([])

    init(_ script: @escaping Script) {
        self.script = script
    }

    /// Answers with these events.
    convenience init(_ events: [TranscriptionEvent] = FakeTranscription.transcript, then error: InferenceError? = nil) {
        self.init { _ in
            TranscriptionEvents(
                AsyncThrowingStream { continuation in
                    for event in events { continuation.yield(event) }
                    continuation.finish(throwing: error)
                })
        }
    }

    /// Refuses every request.
    convenience init(refusing error: InferenceError) {
        self.init { _ in throw error }
    }

    var received: [Asked] { asked.withLock { $0 } }

    func keep(_ model: InstalledModel, for time: KeepAlive) async {}

    func transcribe(
        _ request: TranscriptionRequest, file: String, with model: InstalledModel, traceparent: String?
    ) async throws -> TranscriptionEvents {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        let asked = Asked(
            request: request, path: file, content: try Data(contentsOf: URL(filePath: file)),
            permissions: attributes[.posixPermissions] as? Int ?? 0)
        self.asked.withLock { $0.append(asked) }
        return try await script(request)
    }

    /// Two segments of 3.5 seconds.
    static let transcript: [TranscriptionEvent] = [
        .began(.init(language: "de")),
        .segment(
            TranscriptionSegment(
                id: 0, seek: 0, start: 0.1 + 0.2, end: 1.5, text: " Guten Tag,", tokens: [50_364, 7, 50_439],
                temperature: 0, averageLogprob: -0.25, compressionRatio: 0.75, noSpeechProbability: 0.125,
                words: [
                    TranscriptionWord(word: " Guten", start: 0.3, end: 0.9, probability: 0.5),
                    TranscriptionWord(word: " Tag,", start: 0.9, end: 1.5, probability: 0.5),
                ])),
        .segment(
            TranscriptionSegment(
                id: 1, seek: 150, start: 1.5, end: 9, text: " \"Welt\" & <Mond> --> da.", tokens: [9], temperature: 0.2,
                averageLogprob: -.infinity, compressionRatio: .nan, noSpeechProbability: 0.5,
                words: [TranscriptionWord(word: " Welt", start: -1, end: 99, probability: 0.5)])),
        .finished(.init(duration: 3.5)),
    ]
}

/// Files of sounds, as far as their heads go.
enum SoundFiles {
    /// 16-bit PCM.
    static func wav(rate: Int = 16_000, channels: Int = 1, samples: Int = 100, before: [UInt8] = []) -> [UInt8] {
        var file = WAVFile(pcm: Array(repeating: 0, count: samples), channels: channels, rate: rate)
        file.before = before
        return file.bytes
    }

    static let mp3: [UInt8] = [0xFF, 0xFB, 0x90, 0x64] + [UInt8](repeating: 0, count: 400)
    static let taggedMP3: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 0] + mp3
    static let flac: [UInt8] = Array("fLaC".utf8) + [0, 0, 0, 34] + [UInt8](repeating: 1, count: 34)
    static let ogg: [UInt8] = Array("OggS".utf8) + [UInt8](repeating: 0, count: 60)
}
