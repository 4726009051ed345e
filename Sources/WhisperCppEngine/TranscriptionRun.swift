import Inference
import Media

/// One file on its way into text: listened to a window at a time, each begun where the text of the last one ended, as in
/// OpenAI's program. In memory are half a minute of sound and the text that the next window continues.
struct TranscriptionRun {
    private let request: TranscriptionRequest
    private let model: WorkThread<WhisperModel>
    private let header: ModelHeader
    /// Says with how many threads the next window is computed.
    private let line: RequestLine
    private var sound: SoundBuffer
    private var language: String?
    private var hasBegun = false
    private var past: [Int32] = []
    private var segments = 0
    /// Whether the last event has been given.
    private(set) var hasEnded = false
    private let log: Log
    private let clock = ContinuousClock()
    /// From when the first window is asked for: before, the file may have waited.
    private var progress: TranscriptionProgress?

    /// Samples that a window is decoded from: its 30 seconds, and one more that tells whether the sound goes on.
    private static let window = 31 * SoundReader.sampleRate
    /// whisper.cpp does not listen to less.
    private static let shortest = SoundReader.sampleRate / 10
    /// A shorter end of the sound is heard without what came before it, which would be repeated; as in whisper.cpp.
    private static let tail = 5 * SoundReader.sampleRate
    /// Silence before speech up to which it is left to the model, and what is kept of a longer one.
    private static let pause = SoundReader.sampleRate
    private static let breath = SoundReader.sampleRate / 5
    /// Text that was written at a higher temperature is not continued; as in OpenAI's program and whisper.cpp.
    private static let highestContinued: Float = 0.5

    /// - Parameter language: the code that was asked for; `nil` is detected.
    init(
        _ request: TranscriptionRequest, language: String?, sound: SoundBuffer, model: WorkThread<WhisperModel>,
        header: ModelHeader, line: RequestLine, log: @escaping Log
    ) {
        self.request = request
        self.language = language
        self.sound = sound
        self.model = model
        self.header = header
        self.log = log
        self.line = line
    }

    /// Works on the next window.
    ///
    /// - Returns: what it says, which may be nothing; `nil` after the end.
    /// - Throws: ``Inference/InferenceError``, `CancellationError`.
    mutating func next() async throws -> [TranscriptionEvent]? {
        guard !hasEnded else { return nil }
        if progress == nil { try await start() }
        var events: [TranscriptionEvent] = []
        guard try await findSound() else {
            hasEnded = true
            begin(in: language ?? Self.languageOfSilence, &events)
            return events + [.finished(.init(duration: sound.seconds))]
        }
        let language = try await spokenLanguage()
        begin(in: language, &events)
        let decoded = try await decode(in: language)
        events += written(decoded, in: language).map { .segment($0) }
        remember(decoded)
        sound.drop(decoded.advance * SoundReader.sampleRate / 100)
        report()
        return events
    }

    /// What is said of sound that holds no speech, where no language was asked for.
    private static let languageOfSilence = "en"

    private mutating func start() async throws {
        progress = TranscriptionProgress(length: sound.statedSeconds, now: clock.now)
        if let prompt = request.prompt?.trimmed, !prompt.isEmpty {
            past = try await model.run { try $0.tokens(of: " " + prompt) }
        }
    }

    private mutating func begin(in language: String, _ events: inout [TranscriptionEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        events.append(.began(.init(language: language)))
    }

    private mutating func report() {
        let done = Double(sound.position) / Double(SoundReader.sampleRate)
        let now = clock.now
        if let line = progress?.advance(to: done, now: now) { log(.info, line) }
    }

    /// Goes on to the next window that is not silent.
    ///
    /// - Returns: false at the end.
    private mutating func findSound() async throws -> Bool {
        while true {
            try Task.checkCancellation()
            try await sound.fill(to: Self.window)
            guard sound.samples.count > Self.shortest else { break }
            let silence = Silence.length(sound.samples)
            if silence == sound.samples.count, sound.isAtEnd { break }
            guard silence > Self.pause else { return true }
            sound.drop(silence - Self.breath)
        }
        sound.drop(sound.samples.count)
        return false
    }

    private mutating func spokenLanguage() async throws -> String {
        if let language { return language }
        let (samples, threads) = (sound.samples, line.statistics.threads)
        let detected = try await model.run { try $0.language(of: samples, threads: threads) }
        language = detected
        return detected
    }

    private func decode(in language: String) async throws -> DecodedWindow {
        let isTail = sound.isAtEnd && sound.position > 0 && sound.samples.count <= Self.tail
        let window = Window(
            samples: sound.samples, past: isTail ? [] : past, language: language,
            translates: request.task == .translate, temperature: request.temperature, beamSize: request.beamSize,
            alignsWords: request.wordTimestamps, threads: line.statistics.threads)
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await model.run { try $0.decode(window, cancellation) }
        } onCancel: {
            cancellation.cancel()
        }
    }

    private mutating func remember(_ decoded: DecodedWindow) {
        let continued = decoded.temperature < Self.highestContinued ? past : []
        // More than half of the text's positions are not taken.
        past = (continued + decoded.ids).suffix(header.textPositions / 2 - 1)
    }

    private mutating func written(_ decoded: DecodedWindow, in language: String) -> [TranscriptionSegment] {
        let offset = Double(sound.position) / Double(SoundReader.sampleRate)
        let ratio = CompressionRatio.of(decoded.segments.map(\.text).joined())
        var words = TimedWords(language: request.task == .translate ? "en" : language)
        return decoded.segments.compactMap { segment in
            let timed = request.wordTimestamps ? words.words(of: segment, offset: offset) : nil
            guard !segment.text.trimmed.isEmpty else { return nil }
            defer { segments += 1 }
            // The model may write times behind the sound's end.
            let end = min(offset + Double(segment.end) / 100, sound.seconds)
            return TranscriptionSegment(
                id: segments, seek: sound.position * 100 / SoundReader.sampleRate,
                start: min(offset + Double(segment.start) / 100, end), end: end, text: segment.text,
                tokens: decoded.ids(of: segment), temperature: decoded.temperature,
                averageLogprob: decoded.averageLogprob, compressionRatio: ratio,
                noSpeechProbability: decoded.noSpeechProbability, words: timed)
        }
    }
}

extension String {
    /// Without white space around it.
    fileprivate var trimmed: Substring {
        let body = drop(while: \.isWhitespace)
        return body.lastIndex { !$0.isWhitespace }.map { body[...$0] } ?? ""
    }
}
