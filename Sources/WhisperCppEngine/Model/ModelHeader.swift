import Foundation
import Inference

/// The head of a ggml file of Whisper: a magic number and eleven sizes, in little-endian 32-bit words.
///
/// It is read before whisper.cpp sees the file, because some files that it takes make it abort, and because the heads
/// that align words have to be named before it loads the weights.
package struct ModelHeader: Sendable, Equatable {
    package var vocabulary: Int
    package var audioPositions: Int
    package var width: Int
    package var audioHeads: Int
    package var audioLayers: Int
    package var textPositions: Int
    package var textHeads: Int
    package var textLayers: Int
    package var melBands: Int
    /// ggml's type of the matrices: 0 is f32, 1 is f16; thousands count versions of quantization.
    package var fileType: Int

    package static let size = 48
    package static let magic: UInt32 = 0x6767_6d6c

    /// Tokens of the models for English alone.
    private static let englishVocabulary = 51_864
    /// What a vocabulary holds beside its languages.
    private static let otherTokens = 51_766

    package var isMultilingual: Bool { vocabulary > Self.englishVocabulary }

    /// How many of ``SpeechLanguage/all`` the model knows, from the first.
    package var languages: Int { isMultilingual ? max(0, vocabulary - Self.otherTokens) : 1 }

    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the file is no such model, or one that
    ///   whisper.cpp cannot run.
    package init(path: String) throws(InferenceError) {
        guard let bytes = Self.firstBytes(of: path, Self.size) else {
            throw Self.unusable("The model's file cannot be read")
        }
        try self.init(bytes)
    }

    /// Whether a file begins as such a model does.
    static func isFirst(in path: String) -> Bool { firstBytes(of: path, 4).map(words) == [magic] }

    private static func firstBytes(of path: String, _ count: Int) -> Data? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return try? file.read(upToCount: count)
    }

    private static func words(_ bytes: Data) -> [UInt32] {
        stride(from: bytes.startIndex, through: bytes.endIndex - 4, by: 4).map { start in
            bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
    }

    package init(_ bytes: Data) throws(InferenceError) {
        let words = Self.words(bytes)
        guard words.count == Self.size / 4, words[0] == Self.magic else {
            throw Self.unusable("The model's file is not of whisper.cpp's format")
        }
        let sizes = words.map(Int.init)
        (vocabulary, audioPositions, width, audioHeads) = (sizes[1], sizes[2], sizes[3], sizes[4])
        (audioLayers, textPositions, textHeads, textLayers) = (sizes[5], sizes[6], sizes[8], sizes[9])
        (melBands, fileType) = (sizes[10], sizes[11])
        guard sizes[7] == width, isSound else { throw Self.unusable("The model's sizes make no sense") }
        // whisper.cpp 1.8.5 aborts in its first convolution.
        guard fileType % 1_000 != 0 else { throw Self.unusable("The model's weights are f32; whisper.cpp takes f16") }
    }

    /// Larger numbers than any Whisper has would make whisper.cpp reserve memory without end.
    private var isSound: Bool {
        (Self.englishVocabulary...Self.englishVocabulary + 1_000).contains(vocabulary) && audioPositions == 1_500
            && (64...8_192).contains(width) && (1...128).contains(audioHeads) && width.isMultiple(of: audioHeads)
            && (1...128).contains(textHeads) && width.isMultiple(of: textHeads) && (1...128).contains(audioLayers)
            && (1...128).contains(textLayers) && (64...4_096).contains(textPositions) && [80, 128].contains(melBands)
    }

    private static func unusable(_ reason: String) -> InferenceError {
        InferenceError(.unavailable, "\(reason). Install the model again.", parameter: "model")
    }
}
