import Synchronization

/// A stretch of sound that is written down in one go, and how.
package struct Window: Sendable {
    /// From where it begins: 30 seconds are listened to. A little more tells that the sound does not end with them.
    package var samples: [Float]
    /// What was written before, newest last.
    package var past: [Int32]
    /// Whisper's code.
    package var language: String
    package var translates: Bool
    package var temperature: Float
    /// 1 is greedy.
    package var beamSize: Int
    package var alignsWords: Bool
    package var threads: Int

    package init(
        samples: [Float], past: [Int32], language: String, translates: Bool, temperature: Float, beamSize: Int,
        alignsWords: Bool, threads: Int
    ) {
        self.samples = samples
        self.past = past
        self.language = language
        self.translates = translates
        self.temperature = temperature
        self.beamSize = beamSize
        self.alignsWords = alignsWords
        self.threads = threads
    }
}

/// What was heard in a window. Times are hundredths of a second from its start.
package struct DecodedWindow: Sendable, Equatable {
    package struct Token: Sendable, Equatable {
        package var id: Int32
        package var probability: Float
        /// The natural logarithm, at the temperature at which it was chosen.
        package var logprob: Float
        /// The bytes of a token of text; none of another.
        package var bytes: [UInt8]
        /// When it has been spoken; `nil` unless words were aligned.
        package var end: Int?

        package init(id: Int32, probability: Float, logprob: Float, bytes: [UInt8], end: Int?) {
            self.id = id
            self.probability = probability
            self.logprob = logprob
            self.bytes = bytes
            self.end = end
        }
    }

    package struct Segment: Sendable, Equatable {
        package var start: Int
        package var end: Int
        package var text: String
        /// The end's time among them. The start's is only where it begins the window: elsewhere whisper.cpp leaves it out.
        package var tokens: [Token]

        package init(start: Int, end: Int, text: String, tokens: [Token]) {
            self.start = start
            self.end = end
            self.text = text
            self.tokens = tokens
        }
    }

    package var segments: [Segment]
    /// The token that stands for the window's start; each after it stands for two hundredths of a second more.
    package var firstTimestamp: Int32
    package var temperature: Float
    package var noSpeechProbability: Float
    /// Where the next window begins.
    package var advance: Int

    package init(
        segments: [Segment], firstTimestamp: Int32, temperature: Float, noSpeechProbability: Float, advance: Int
    ) {
        self.segments = segments
        self.firstTimestamp = firstTimestamp
        self.temperature = temperature
        self.noSpeechProbability = noSpeechProbability
        self.advance = advance
    }

    /// The segment's tokens as the model chose them, the time of its start put back.
    package func ids(of segment: Segment) -> [Int32] {
        let ids = segment.tokens.map(\.id)
        guard let first = ids.first, first < firstTimestamp, segment != segments.first else { return ids }
        return [firstTimestamp + Int32(segment.start / 2)] + ids
    }

    /// All that the model chose: where more was to come, the last time twice.
    package var ids: [Int32] {
        let ids = segments.flatMap(ids(of:))
        guard let last = ids.last, last > firstTimestamp, 2 * Int(last - firstTimestamp) == advance else { return ids }
        return ids + [last]
    }

    package var averageLogprob: Float {
        let logprobs = segments.flatMap(\.tokens).map(\.logprob)
        return logprobs.isEmpty ? 0 : logprobs.reduce(0, +) / Float(logprobs.count)
    }
}

/// Tells the computation of a window that nobody waits for it any more.
package final class Cancellation: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package func cancel() { flag.store(true, ordering: .relaxed) }
    package var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
