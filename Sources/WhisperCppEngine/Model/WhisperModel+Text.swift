import CWhisper
import Inference

extension WhisperModel {
    /// The tokens of a text.
    package func tokens(of text: String) throws(InferenceError) -> [Int32] {
        let context = try anyHandles().context
        // A token is a byte at least.
        let capacity = text.utf8.count
        var tokens = [Int32](repeating: 0, count: max(1, capacity))
        let count = tokens.withUnsafeMutableBufferPointer { buffer in
            whisper_tokenize(context, text, buffer.baseAddress, Int32(buffer.count))
        }
        return Array(tokens.prefix(max(0, Int(count))))
    }

    /// The code of the language that is spoken in a stretch of sound, by its first 30 seconds.
    package func language(
        of samples: [Float], threads: Int
    ) throws(InferenceError) -> String {
        let (context, state) = try anyHandles()
        let listened = samples.withUnsafeBufferPointer { samples in
            whisper_pcm_to_mel_with_state(
                context, state, samples.baseAddress, Int32(samples.count), Int32(threads))
        }
        let found = listened == 0 ? whisper_lang_auto_detect_with_state(context, state, 0, Int32(threads), nil) : -1
        guard found >= 0, let code = whisper_lang_str(found) else {
            throw InferenceError(.internal, "The language could not be detected.")
        }
        return String(cString: code)
    }
}
