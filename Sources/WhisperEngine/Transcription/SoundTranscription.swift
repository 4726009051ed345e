import Inference
import Media
import OpenVINORuntime

/// One sound on its way into text, a window at a time: the next window is worked on when what came before was taken.
actor SoundTranscription {
    private let request: TranscriptionRequest
    private let windows: InferenceLane<SoundWindows>
    private let recognizer: InferenceLane<Recognizer>
    private let place: RequestLine.Place
    private let log: Log
    private let clock = ContinuousClock()

    private var language: String?
    /// Text and timestamps that the next window continues.
    private var previous: [Int32]
    private var seek = 0
    private var segments = 0
    private var lastEnd = 0.0
    private var progress: TranscriptionProgress?
    /// What is to be said next, the first last.
    private var ready: [TranscriptionEvent] = []
    private var hasBegun = false
    private var hasEnded = false

    /// - Parameters:
    ///   - language: the model's code of the language; `nil` is detected.
    ///   - prompt: tokens that the text continues.
    init(
        _ request: TranscriptionRequest, language: String?, prompt: [Int32], windows: InferenceLane<SoundWindows>,
        recognizer: InferenceLane<Recognizer>, place: RequestLine.Place, log: @escaping Log
    ) {
        self.request = request
        self.language = language
        previous = prompt
        self.windows = windows
        self.recognizer = recognizer
        self.place = place
        self.log = log
    }

    /// - Throws: ``Inference/InferenceError``, `CancellationError`; then nothing follows.
    func next() async throws -> TranscriptionEvent? {
        do {
            while ready.isEmpty, !hasEnded { try await advance() }
        } catch {
            hasEnded = true
            place.leave(error is CancellationError ? .cancelled : .failed)
            throw told(error)
        }
        if ready.count <= 1, hasEnded { place.leave(.completed) }
        return ready.popLast()
    }

    private func advance() async throws {
        if progress == nil {
            try await place.wait()
            progress = TranscriptionProgress(length: await windows.run { $0.statedDuration }, now: clock.now)
        }
        let window = try await windows.run { [seek] windows in try windows.next(from: seek) }
        guard let window else {
            hasEnded = true
            let duration = await windows.run { $0.seconds }
            begin(in: language ?? Self.languageOfSilence)
            ready.insert(.finished(.init(duration: duration)), at: 0)
            return
        }
        let task = WindowTask(
            window: window, language: language, translates: request.task == .translate,
            temperature: request.temperature, beamSize: request.beamSize, timesWords: request.wordTimestamps,
            previous: previous, lastEnd: lastEnd)
        let text = try await recognizer.run { recognizer in
            // It may have been cancelled while others had their turns.
            try Task.checkCancellation()
            return try recognizer.recognize(task)
        }
        take(text)
        try place.countStep {
            $0.promptTokens += text.readTokens
            $0.completionTokens += text.decodedTokens
        }
        if let line = progress?.advance(to: Double(seek) / 100, now: clock.now) { log(.info, line) }
    }

    /// What is said of sound that holds no speech, where no language was asked for.
    private static let languageOfSilence = "en"

    private func begin(in language: String) {
        guard !hasBegun else { return }
        hasBegun = true
        ready.insert(.began(.init(language: language)), at: 0)
    }

    private func take(_ text: WindowText) {
        language = text.language
        begin(in: text.language)
        for var segment in text.segments {
            segment.id = segments
            segments += 1
            ready.insert(.segment(segment), at: 0)
        }
        previous = text.isContinued ? previous + text.tokens : []
        // No more is ever read.
        previous.removeFirst(max(0, previous.count - Self.longestMemory))
        seek = text.next
        lastEnd = text.lastEnd
    }

    private static let longestMemory = 1024

    /// What a client is told.
    private func told(_ error: any Error) -> any Error {
        switch error {
        case let fault as MediaFault: fault.asError
        case let error as OpenVINOError:
            reported(error)
        default: error
        }
    }

    private func reported(_ error: OpenVINOError) -> InferenceError {
        log(.error, "\(error)")
        return InferenceError(.internal, "The engine could not compute this sound; its log says why.")
    }
}

extension MediaFault {
    /// As the caller's fault.
    var asError: InferenceError {
        InferenceError(.invalidRequest, "This sound cannot be read: \(reason).", parameter: "file")
    }
}
