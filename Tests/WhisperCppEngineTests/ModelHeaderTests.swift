import Foundation
import Inference
import Testing
import WhisperCppEngine

/// Sizes are those of OpenAI's models.
@Suite struct ModelHeaderTests {
    private static let tinyEnglish: [UInt32] = [ModelHeader.magic, 51_864, 1_500, 384, 6, 4, 448, 384, 6, 4, 80, 1]

    private func header(_ changes: [Int: UInt32] = [:]) throws -> ModelHeader {
        var words = Self.tinyEnglish
        for (index, value) in changes { words[index] = value }
        return try ModelHeader(
            words.reduce(into: Data()) { data, word in
                withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
            })
    }

    @Test func `sizes are read`() throws {
        let header = try header()
        #expect(header.audioLayers == 4)
        #expect(header.textPositions == 448)
        #expect(!header.isMultilingual)
    }

    @Test(arguments: [(51_864, 1), (51_865, 99), (51_866, 100)])
    func `a vocabulary tells how many languages there are`(vocabulary: Int, languages: Int) throws {
        #expect(try header([1: UInt32(vocabulary)]).languages == languages)
    }

    @Test func `weights in f32 are refused, since whisper cpp aborts with them`() throws {
        let error = #expect(throws: InferenceError.self) { try header([11: 0]) }
        #expect(error?.kind == .unavailable)
    }

    @Test func `quantized weights are taken`() throws {
        #expect(try header([11: 2_007]).fileType == 2_007)
    }

    @Test(arguments: [0, 1, 2, 3, 5, 6, 7, 10])
    func `a size without sense is refused`(index: Int) throws {
        #expect(throws: InferenceError.self) { try header([index: 0x7fff_ffff]) }
    }

    @Test func `a file that ends in its head is refused`() throws {
        #expect(throws: InferenceError.self) { try ModelHeader(Data(count: 10)) }
    }

    @Test func `known sizes name the heads that OpenAI published`() throws {
        #expect(AlignmentHeads(try header()).choice == .published(.tinyEnglish))
        let turbo = try header([1: 51_866, 3: 1_280, 4: 20, 5: 32, 7: 1_280, 8: 20, 9: 4, 10: 128])
        #expect(AlignmentHeads(turbo).choice == .published(.turbo))
    }

    @Test func `other sizes have all heads of the later half of the layers`() throws {
        #expect(AlignmentHeads(try header([5: 32, 9: 2])).choice == .lastLayers(1))
    }
}
