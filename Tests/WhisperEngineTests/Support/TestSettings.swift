import Foundation
import WhisperEngine

extension WhisperSettings {
    /// A small model's: the bytes are its text tokens, and it knows three languages.
    static func small(isMultilingual: Bool = true) throws -> WhisperSettings {
        let languages = isMultilingual ? "[\"en\", \"de\", \"zh\"]" : "[\"en\"]"
        let json = """
            {"melBands": 80, "audioPositions": 1500, "textPositions": 64, "width": 8, "heads": 1, "encoderLayers": 1,
             "decoderLayers": 1, "vocabulary": 1768, "isMultilingual": \(isMultilingual),
             "tokens": {"endOfText": 256, "startOfTranscript": 257, "translate": 261, "transcribe": 262,
                        "startOfLM": 263, "startOfPrevious": 264, "noSpeech": 265, "noTimestamps": 266,
                        "firstTimestamp": 267},
             "languages": \(languages), "firstLanguage": 258, "suppressed": [42], "suppressedAtBeginning": [32, 256],
             "alignmentHeads": [[0, 0]]}
            """
        return try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }

    static let end: Int32 = 256
    static let start: Int32 = 257

    /// The timestamp's token.
    static func time(_ seconds: Double) -> Int32 { 267 + Int32((seconds * 50).rounded()) }
}

/// The tokens of a text, a byte each.
func spelled(_ text: String) -> [Int32] { text.utf8.map(Int32.init) }
