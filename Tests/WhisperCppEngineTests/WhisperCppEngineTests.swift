import Inference
import TestSupport
import Testing
import WhisperCppEngine

/// whisper.cpp itself runs here, with models that say what they were made to say.
@Suite(.serialized) struct WhisperCppEngineTests {
    /// The models' files, written once: each takes half a second.
    private static let models = Result {
        let folder = try TemporaryFolder()
        return (
            folder: folder, english: try ScriptedModel.english.write(to: folder, "english"),
            german: try ScriptedModel.german.write(to: folder, "german")
        )
    }

    private let folder: TemporaryFolder
    private let english: String
    private let german: String

    init() throws {
        folder = try TemporaryFolder()
        (_, english, german) = try Self.models.get()
    }

    private func engine(_ model: String, requestLimit: Int = 8) async throws -> WhisperCppEngine {
        try await WhisperCppEngine(
            .init(
                modelPath: model, modelDigest: "scripted", threads: 1, maximumThreads: 1, requestLimit: requestLimit))
    }

    private func tone(seconds: Double, after silence: Double = 0) throws -> String {
        try SoundFiles.tone(seconds: seconds, after: silence, in: folder)
    }

    private func events(
        _ engine: WhisperCppEngine, _ request: TranscriptionRequest = .init(), file: String
    ) async throws -> [TranscriptionEvent] {
        var events: [TranscriptionEvent] = []
        for try await event in try await engine.transcribe(request, file: file) { events.append(event) }
        return events
    }

    private func segments(_ events: [TranscriptionEvent]) -> [TranscriptionSegment] {
        events.compactMap { if case .segment(let segment) = $0 { segment } else { nil } }
    }

    @Test(arguments: [1, 5])
    func `what the model says comes with its times and tokens`(beamSize: Int) async throws {
        let engine = try await engine(english)
        let events = try await events(engine, .init(beamSize: beamSize), file: tone(seconds: 3))
        #expect(events.first == .began(.init(language: "en")))
        #expect(events.last == .finished(.init(duration: 3)))
        let segment = try #require(segments(events).first)
        #expect(segment.text == " and so")
        #expect(segment.start == 0 && segment.end == 1)
        #expect(segment.tokens == [50_363, 256, 257, 50_413])
        #expect(segment.temperature == 0)
        #expect(segment.averageLogprob > -0.01)
        #expect(segments(events).count == 1)
        #expect(await engine.statistics().steps == 1)
    }

    @Test func `words have times that do not go back`() async throws {
        let events = try await events(
            engine(english), .init(wordTimestamps: true), file: tone(seconds: 3))
        let words = try #require(segments(events).first?.words)
        #expect(words.map(\.word) == [" and", " so"])
        #expect(words.allSatisfy { $0.start <= $0.end } && words[0].end <= words[1].start)
    }

    /// whisper.cpp as it comes aborts.
    @Test func `words of a moment's sound are given too`() async throws {
        let events = try await events(
            engine(english), .init(wordTimestamps: true), file: tone(seconds: 0.14))
        #expect(segments(events).first?.words?.map(\.word) == [" and", " so"])
    }

    @Test func `the language is detected where none is given`() async throws {
        let events = try await events(engine(german), file: tone(seconds: 2))
        #expect(events.first == .began(.init(language: "de")))
        #expect(segments(events).map(\.text) == [" and so"])
    }

    @Test func `silence says nothing`() async throws {
        let events = try await events(engine(english), file: tone(seconds: 0, after: 95))
        #expect(events == [.began(.init(language: "en")), .finished(.init(duration: 95))])
    }

    @Test func `silence before speech is passed over, and times count from the start`() async throws {
        let events = try await events(engine(english), file: tone(seconds: 2, after: 40))
        let segment = try #require(segments(events).first)
        #expect(abs(segment.start - 39.8) < 0.03)
        #expect(segment.seek == Int((segment.start * 100).rounded()))
    }

    @Test func `a file without samples says nothing`() async throws {
        let events = try await events(engine(english), file: tone(seconds: 0))
        #expect(events.last == .finished(.init(duration: 0)))
    }

    @Test func `a model for English refuses to translate`() async throws {
        let engine = try await engine(english)
        let error = await #expect(throws: InferenceError.self) {
            try await engine.transcribe(.init(task: .translate), file: tone(seconds: 1))
        }
        #expect(error?.kind == .unsupported)
    }

    @Test(arguments: ["de", "klingon"])
    func `a language that the model does not know is refused`(language: String) async throws {
        let engine = try await engine(english)
        let error = await #expect(throws: InferenceError.self) {
            try await engine.transcribe(.init(language: language), file: tone(seconds: 1))
        }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "language")
    }

    @Test func `a file that is no sound is refused`() async throws {
        let engine = try await engine(english)
        let path = try folder.write("text", "no sound")
        let error = await #expect(throws: InferenceError.self) { try await engine.transcribe(.init(), file: path) }
        #expect(error?.parameter == "file")
    }

    @Test func `more files than the limit are sent away`() async throws {
        let engine = try await engine(english, requestLimit: 4)
        let file = try tone(seconds: 1)
        var kept: [TranscriptionEvents] = []
        for _ in 0..<4 { kept.append(try await engine.transcribe(.init(), file: file)) }
        let error = await #expect(throws: InferenceError.self) { try await engine.transcribe(.init(), file: file) }
        #expect(error?.kind == .overloaded)
        #expect(await engine.statistics().running == 4)
        kept = []
        #expect(await engine.statistics().cancelledRequests == 4)
        _ = try await engine.transcribe(.init(), file: file)
    }

    @Test func `a cancelled task ends the work`() async throws {
        let engine = try await engine(english)
        let file = try tone(seconds: 5)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await events(engine, file: file)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await engine.statistics().cancelledRequests == 1)
    }

    @Test func `a cancelled window is not decoded`() async throws {
        let model = try WhisperModel(path: english, header: ModelHeader(path: english))
        let cancellation = Cancellation()
        cancellation.cancel()
        let window = Window(
            samples: [Float](repeating: 0.1, count: 32_000), past: [], language: "en", translates: false,
            temperature: 0, beamSize: 1, alignsWords: false, threads: 1)
        #expect(throws: CancellationError.self) { try model.decode(window, cancellation) }
        #expect(try model.decode(window, Cancellation()).segments.map(\.text) == [" and so"])
    }

    @Test func `an engine that is shut down takes nothing on`() async throws {
        let engine = try await engine(english)
        await engine.shutDown()
        let file = try tone(seconds: 1)
        let error = await #expect(throws: InferenceError.self) { try await engine.transcribe(.init(), file: file) }
        #expect(error?.kind == .unavailable)
    }

    @Test func `a file of another format is no model`() async throws {
        let path = try tone(seconds: 1)
        #expect(!WhisperCppEngine.reads(path))
        await #expect(throws: InferenceError.self) {
            try await WhisperCppEngine(
                .init(modelPath: path, modelDigest: "", threads: 1, maximumThreads: 1))
        }
    }
}
