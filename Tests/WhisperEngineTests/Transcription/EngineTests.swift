import Inference
import Media
import OpenVINORuntime
import Synchronization
import Testing
import WhisperEngine

/// The engine around a model that says what a script says.
@Suite struct EngineTests {
    private let settings: WhisperSettings
    private func time(_ seconds: Double) -> Int32 { WhisperSettings.time(seconds) }

    init() throws { settings = try .small() }

    private func reciting(
        _ windows: [[Int32]], isMultilingual: Bool = true, limit: Int = 72
    ) async throws -> WhisperEngine {
        let settings = try WhisperSettings.small(isMultilingual: isMultilingual)
        return try await .scripted(settings, limit: limit) { .reciting(settings, windows) }
    }

    private func request(_ language: String? = "en", words: Bool = false) -> TranscriptionRequest {
        TranscriptionRequest(language: language, beamSize: 1, wordTimestamps: words)
    }

    // MARK: Events

    @Test func `a sound's events begin with the language and end with the duration`() async throws {
        let engine = try await reciting([[time(0)] + spelled(" Hi.") + [time(5)]])
        let events = try await engine.events(Sounds.babble(5), request())
        #expect(events.first == .began(.init(language: "en")))
        #expect(events.last == .finished(.init(duration: 5)))
        #expect(events.count == 3)
        #expect(await engine.statistics().completedRequests == 1)
    }

    @Test func `a segment has all of its fields`() async throws {
        let engine = try await reciting([[time(0.5)] + spelled(" Hi.") + [time(2)]])
        let segment = try #require(try await engine.segments(Sounds.babble(5), request()).first)
        #expect((segment.id, segment.seek, segment.start, segment.end) == (0, 0, 0, 2))
        #expect(segment.text == " Hi.")
        #expect(segment.tokens == [time(0.5)] + spelled(" Hi.") + [time(2)])
        #expect(segment.temperature == 0)
        #expect(segment.averageLogprob <= 0 && segment.averageLogprob > -0.01)
        #expect(abs(segment.compressionRatio - 3 / 11) < 1e-6)
        #expect(segment.noSpeechProbability < 0.6)
        #expect(segment.words == nil)
    }

    @Test func `the next window begins where the last one's text ended`() async throws {
        let engine = try await reciting([
            [time(0)] + spelled(" One.") + [time(20), time(20)], [time(0)] + spelled(" Two.") + [time(9)],
        ])
        let segments = try await engine.segments(Sounds.babble(40), request())
        #expect(segments.map(\.text).prefix(2) == [" One.", " Two."])
        #expect(segments.prefix(2).map(\.seek) == [0, 2000])
        #expect(segments.prefix(2).map(\.start) == [0, 20])
        #expect(segments.prefix(2).map(\.id) == [0, 1])
    }

    @Test func `a sound without speech has an empty text and never reaches the model`() async throws {
        let engine = try await reciting([[time(0)] + spelled(" Invented.") + [time(5)]])
        let events = try await engine.events(Sounds.silence(40), request(nil))
        #expect(events == [.began(.init(language: "en")), .finished(.init(duration: 40))])
        #expect(await engine.statistics().steps == 0)
    }

    @Test func `words have times within their segment`() async throws {
        let engine = try await reciting([[time(0)] + spelled(" so it") + [time(2)]])
        let segment = try #require(try await engine.segments(Sounds.babble(5), request(words: true)).first)
        let words = try #require(segment.words)
        #expect(words.map(\.word) == [" so", " it"])
        #expect(segment.start == words.first?.start && segment.end == words.last?.end)
    }

    // MARK: Falling back

    @Test func `text that repeats itself is decoded again at higher temperatures`() async throws {
        let settings = settings
        let engine = try await WhisperEngine.scripted(settings) { [self] in
            var attempts = 0
            return ScriptedModel(settings) { _, tokens in
                if tokens.count == 1 { attempts += 1 }
                let text = tokens.drop { $0 >= 256 && $0 < 267 }
                let loop = [time(0)] + spelled(String(repeating: "a", count: 29)) + [time(2), 256]
                let sense = [time(0)] + spelled(" Sense.") + [time(2), 256]
                let wanted = attempts > 3 ? sense : loop
                return [wanted[min(text.count, wanted.count - 1)]: 30]
            }
        }
        let segment = try #require(try await engine.segments(Sounds.babble(5), request()).first)
        #expect(segment.text == " Sense.")
        #expect(segment.temperature == 0.6)
    }

    @Test func `a window that the model takes for silence has no text`() async throws {
        let settings = settings
        let engine = try await WhisperEngine.scripted(settings) { [self] in
            ScriptedModel(settings) { _, tokens in
                switch tokens.count {
                case 1: [265: 9]
                case 3: [time(0): 9]
                case 4...8: Dictionary(uniqueKeysWithValues: (65..<105).filter { $0 != 42 }.map { (Int32($0), 1) })
                default: [256: 9]
                }
            }
        }
        #expect(try await engine.segments(Sounds.babble(5), request()) == [])
    }

    // MARK: What the model reads

    private func prompts(_ request: TranscriptionRequest, seconds: Double = 5) async throws -> [[Int32]] {
        let (settings, witness) = (settings, Witness())
        let engine = try await WhisperEngine.scripted(settings) { [self] in
            ScriptedModel(settings) { _, tokens in
                let text = tokens.drop { $0 != 257 }.drop { (256..<267).contains($0) }
                if text.isEmpty { witness.prompts.withLock { $0.append(tokens) } }
                let wanted = [time(0)] + spelled(" A.") + [time(2.5), time(2.5), 256]
                return [wanted[min(text.count, wanted.count - 1)]: 9]
            }
        }
        _ = try await engine.events(Sounds.babble(seconds), request)
        return witness.prompts.withLock { $0 }
    }

    @Test func `the task and the language are told to the model`() async throws {
        let german = try await prompts(TranscriptionRequest(task: .translate, language: "de", beamSize: 1))
        #expect(german.contains([257, 259, 261]))
    }

    @Test func `a prompt is read before the first window, and its text before the next one`() async throws {
        let prompts = try await prompts(TranscriptionRequest(language: "en", prompt: "Dr. Ö ", beamSize: 1))
        #expect(prompts[0] == [264] + spelled(" Dr. Ö") + [257])
        let text = [time(0)] + spelled(" A.") + [time(2.5)]
        #expect(prompts.contains([264] + spelled(" Dr. Ö") + text + [257]))
    }

    @Test func `no more than half of the positions go to what was before`() async throws {
        let prompts = try await prompts(
            TranscriptionRequest(language: "en", prompt: String(repeating: "x", count: 500), beamSize: 1))
        #expect(prompts[0].count == 1 + 31 + 1)
    }

    // MARK: Languages

    @Test func `the language that the model finds likeliest is told`() async throws {
        let settings = settings
        let engine = try await WhisperEngine.scripted(settings) { [self] in
            ScriptedModel(settings) { _, tokens in
                if tokens == [257] { return [258: 1, 259: 3, 260: 2] }
                let wanted = [time(0)] + spelled(" Ja.") + [time(2), 256]
                return [wanted[min(tokens.count - 3, wanted.count - 1)]: 9]
            }
        }
        let events = try await engine.events(Sounds.babble(5), request(nil))
        #expect(events.first == .began(.init(language: "de")))
    }

    @Test(arguments: ["xx", "fr"]) func `a language that the model does not know is refused`(language: String)
        async throws
    {
        let engine = try await reciting([[]])
        let error = await #expect(throws: InferenceError.self) { try await engine.events([], request(language)) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "language")
        #expect(error?.message.contains("en, de, zh") == true)
    }

    @Test func `an English-only model neither translates nor knows other languages`() async throws {
        let engine = try await reciting([[]], isMultilingual: false)
        let translating = await #expect(throws: InferenceError.self) {
            try await engine.events([], TranscriptionRequest(task: .translate))
        }
        #expect(translating?.kind == .unsupported)
        let german = await #expect(throws: InferenceError.self) { try await engine.events([], request("de")) }
        #expect(german?.kind == .invalidRequest)
    }

    // MARK: Turns

    @Test func `sounds beyond the limit are refused`() async throws {
        let engine = try await reciting([[time(0)] + spelled(" A.") + [time(2)]], limit: WhisperEngine.parallel)
        var held: [TranscriptionEvents] = []
        for _ in 0..<WhisperEngine.parallel {
            held.append(try await engine.transcribe(request()) { MadeSound(Sounds.babble(2)) })
        }
        let error = await #expect(throws: InferenceError.self) { try await engine.events([], request()) }
        #expect(error?.kind == .overloaded)
        held = []
        #expect(try await engine.events(Sounds.silence(1), request()).count == 2)
        #expect(await engine.statistics().cancelledRequests == WhisperEngine.parallel)
    }

    @Test func `a cancelled task ends its sound`() async throws {
        let engine = try await reciting([[time(0)] + spelled(" A.") + [time(2)]])
        let events = try await engine.transcribe(request()) { MadeSound(Sounds.babble(2)) }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            for try await _ in events {}
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await engine.statistics().cancelledRequests == 1)
    }

    @Test func `a sound that cannot be read is the caller's fault`() async throws {
        let engine = try await reciting([[]])
        let error = await #expect(throws: InferenceError.self) {
            try await engine.transcribe(request(), file: "/nonexistent/sound.wav")
        }
        #expect((error?.kind, error?.parameter) == (.invalidRequest, "file"))
        #expect(await engine.statistics().failedRequests == 1)
    }

    @Test func `after the end nothing is taken on`() async throws {
        let engine = try await reciting([[]])
        await engine.shutDown()
        let error = await #expect(throws: InferenceError.self) { try await engine.events([], request()) }
        #expect(error?.kind == .unavailable)
    }

    @Test func `threads are bounded by their maximum`() async throws {
        let engine = try await reciting([[]])
        await engine.setThreads(64)
        #expect(await engine.statistics().threads == 4)
    }
}
