import Tokenizers
import WhisperEngine

/// A token for each byte.
struct ByteTokenizer: TextTokenizer {
    var vocabularySize: Int { 256 }

    func encode(_ text: String) -> [Int32] { encodeAlone(text) }
    func encodeAlone(_ text: String) -> [Int32] { spelled(text) }
    func wrap(_ tokens: [Int32]) -> [Int32] { tokens }
}

extension WhisperText {
    static func bytes(_ settings: WhisperSettings) -> WhisperText {
        WhisperText(ByteTokenizer(), TokenBytes((UInt8.min...UInt8.max).map { [$0] }), settings: settings)
    }
}
