/// Which tokens may come next in a window, as Whisper was trained to write: timestamps in pairs around text, never going
/// back, and silence before the first word short.
///
/// A. Radford et al.: Robust Speech Recognition via Large-Scale Weak Supervision, 2022, section 4.5; the details as in the
/// authors' program.
package struct TokenRules: Sendable {
    /// What of a row's tokens bears on the next one.
    package struct History: Sendable, Equatable {
        fileprivate var count = 0
        fileprivate var lastIsTimestamp = false
        /// True also where there is none.
        fileprivate var lastButOneIsTimestamp = true
        fileprivate var latestTimestamp: Int32?

        package init() {}
    }

    /// A window's text starts within its first second.
    private static let latestBeginning: Int32 = 50

    private let endOfText: Int32
    private let firstTimestamp: Int32
    /// One more than the last timestamp.
    private let end: Int32
    private let never: [Int32]

    package init(_ settings: WhisperSettings) {
        let tokens = settings.tokens
        endOfText = tokens.endOfText
        firstTimestamp = tokens.firstTimestamp
        end = min(firstTimestamp + Int32(settings.audioPositions) + 1, Int32(settings.vocabulary))
        // Beyond the model's own list: what steers a transcription is no part of it.
        let steering = [
            tokens.startOfTranscript, tokens.translate, tokens.transcribe, tokens.startOfLM, tokens.startOfPrevious,
            tokens.noSpeech, tokens.noTimestamps,
        ]
        let languages = settings.firstLanguage.map { Array($0..<$0 + Int32(settings.languages.count)) } ?? []
        never = Set(settings.suppressed + steering + languages).filter { $0 != tokens.endOfText }.sorted()
    }

    package func isTimestamp(_ token: Int32) -> Bool { token >= firstTimestamp }

    package func history(_ history: History, then token: Int32) -> History {
        var next = history
        next.count += 1
        next.lastButOneIsTimestamp = history.count == 0 || history.lastIsTimestamp
        next.lastIsTimestamp = isTimestamp(token)
        if next.lastIsTimestamp { next.latestTimestamp = token }
        return next
    }

    /// Finds out which tokens are allowed, and how likely they are together.
    ///
    /// - Parameter logits: one for each token; those that are never allowed become −∞.
    package func choices(
        _ logits: UnsafeMutableBufferPointer<Float>, after history: History
    ) -> TokenChoices {
        for token in never { logits[Int(token)] = -.infinity }
        let timestamps = timestamps(after: history)
        guard history.count > 0 else { return TokenChoices(logits, text: 0..<0, timestamps: timestamps) }
        // Between two timestamps of a pair no text, only the end of it all.
        let isOpen = history.lastIsTimestamp && !history.lastButOneIsTimestamp
        let text = Int(isOpen ? endOfText : 0)..<Int(firstTimestamp)
        return TokenChoices(logits, text: text, timestamps: timestamps)
    }

    private func timestamps(after history: History) -> Range<Int> {
        guard history.count > 0 else {
            return Int(firstTimestamp)..<Int(min(firstTimestamp + Self.latestBeginning + 1, end))
        }
        if history.lastIsTimestamp && history.lastButOneIsTimestamp { return Int(end)..<Int(end) }
        guard let latest = history.latestTimestamp else { return Int(firstTimestamp)..<Int(end) }
        // A pair may be of one time, but not what it encloses.
        let isOpen = history.lastIsTimestamp
        return Int(min(isOpen ? latest : latest + 1, end))..<Int(end)
    }
}
