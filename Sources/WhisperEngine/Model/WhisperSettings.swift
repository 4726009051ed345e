import Foundation
import Inference

/// What a model's `whisper.json` says of it.
package struct WhisperSettings: Codable, Sendable, Equatable {
    /// Tokens with a meaning of their own, by id.
    package struct Tokens: Codable, Sendable, Equatable {
        package var endOfText: Int32
        package var startOfTranscript: Int32
        package var translate: Int32
        package var transcribe: Int32
        package var startOfLM: Int32
        package var startOfPrevious: Int32
        package var noSpeech: Int32
        package var noTimestamps: Int32
        /// The one of 0 s; each further one stands for 20 ms more, up to 30 s.
        package var firstTimestamp: Int32
    }

    /// Rows of the spectrogram: 80, or 128 for the newer large models.
    package var melBands: Int
    /// Places of a window that the encoder gives out; each is 20 ms.
    package var audioPositions: Int
    /// Tokens that the decoder reads at most.
    package var textPositions: Int
    package var width: Int
    package var heads: Int
    package var encoderLayers: Int
    package var decoderLayers: Int
    package var vocabulary: Int
    package var isMultilingual: Bool
    package var tokens: Tokens
    /// ISO 639-1 codes, or Whisper's own, in the order of their tokens.
    package var languages: [String]
    /// The token of the first language; the others follow. `nil` where the model knows English only.
    package var firstLanguage: Int32?
    /// Tokens that are never chosen: signs that are no speech, and tokens that steer. Those of `suppressedAtBeginning`
    /// need not be known: every window begins with a timestamp.
    package var suppressed: [Int32]
    /// Layer and head of those cross-attention heads that follow the sound; none where words cannot be timed.
    package var alignmentHeads: [[Int]]

    /// - Throws: ``Inference/InferenceError`` of kind `unavailable`.
    package init(folder: String) throws(InferenceError) {
        guard let data = FileManager.default.contents(atPath: "\(folder)/whisper.json"),
            let settings = try? JSONDecoder().decode(Self.self, from: data), settings.isSound
        else {
            throw InferenceError(.unavailable, "The model's whisper.json cannot be read; install the model again.")
        }
        self = settings
    }

    /// Whether the numbers can be computed with.
    private var isSound: Bool {
        let tokens: [Int32] = [
            self.tokens.endOfText, self.tokens.startOfTranscript, self.tokens.translate, self.tokens.transcribe,
            self.tokens.startOfLM, self.tokens.startOfPrevious, self.tokens.noSpeech, self.tokens.noTimestamps,
            self.tokens.firstTimestamp + Int32(clamping: audioPositions),
            (firstLanguage ?? 0) + Int32(clamping: max(0, languages.count - 1)),
        ]
        let all = tokens + suppressed
        return [80, 128].contains(melBands) && audioPositions == 1500 && textPositions >= 16 && decoderLayers > 0
            && (1 << 10...1 << 20).contains(vocabulary) && all.allSatisfy { (0..<Int32(vocabulary)).contains($0) }
            && (firstLanguage != nil || !isMultilingual) && !(isMultilingual && languages.isEmpty)
            && alignmentHeads.allSatisfy { $0.count == 2 }
    }
}
