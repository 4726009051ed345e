import CLlama
import Foundation
import Inference
import LlamaEngine
import Testing

/// Golden values: llama.cpp's own `.inp` and `.out` files, which its project made with the models' original tokenizers.
@Suite("Tokenizer")
struct TokenizerTests {
    private static let separator = "\n__ggml_vocab_test__\n"

    /// Vocabularies that come with golden files.
    static let vocabularies = EngineFiles.names(suffix: ".gguf.inp").map { String($0.dropLast(4)) }

    private func golden(_ name: String) throws -> [(text: String, tokens: [Int32])] {
        let inputs = try EngineFiles.text(name + ".inp")
        var texts: [String] = []
        var rest = Substring(inputs)
        while let range = rest.firstRange(of: Self.separator) {
            texts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        if !rest.isEmpty { texts.append(String(rest)) }
        let lines = try EngineFiles.text(name + ".out").split(separator: "\n", omittingEmptySubsequences: false)
        let tokens = lines.prefix(texts.count).map { line in line.split(separator: " ").compactMap { Int32($0) } }
        #expect(lines.count - texts.count == 1, "a line of tokens for each text")
        return Array(zip(texts, tokens))
    }

    @Test("The engine's collection of vocabularies is there")
    func vocabulariesAreThere() {
        #expect(Self.vocabularies.count >= 15)
    }

    @Test("Texts become the tokens of the model's original tokenizer", arguments: vocabularies)
    func textsBecomeTokens(name: String) throws {
        let tokenizer = try Vocabulary.named(name).tokenizer
        for (text, tokens) in try golden(name) {
            let actual = try tokenizer.tokens(of: text, addingSpecial: false, readingMarkers: false)
            #expect(actual == tokens, "\(text.debugDescription)")
        }
    }

    @Test("The pieces of a text's tokens, joined, are the text", arguments: vocabularies)
    func piecesGiveTheTextBack(name: String) throws {
        let vocabulary = try Vocabulary.named(name)
        let kind = llama_vocab_type(vocabulary.model.vocabulary)
        // WordPiece lower-cases and drops what it does not know.
        guard kind != LLAMA_VOCAB_TYPE_WPM else { return }
        let tokenizer = vocabulary.tokenizer
        for (text, tokens) in try golden(name) {
            let joined = String(decoding: tokens.flatMap { tokenizer.piece(of: $0) }, as: UTF8.self)
            // SentencePiece puts a space before every text.
            let addsSpace = joined.hasPrefix(" ") && !text.hasPrefix(" ") || joined == " " + text
            #expect((kind == LLAMA_VOCAB_TYPE_SPM && addsSpace ? String(joined.dropFirst()) : joined) == text)
        }
    }

    @Test("Every token has bytes, or is one that stands for none", arguments: vocabularies)
    func piecesAreThoseOfTheLibrary(name: String) throws {
        let vocabulary = try Vocabulary.named(name)
        let tokenizer = vocabulary.tokenizer
        var differing: [Int32] = []
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4_096) { buffer in
            for token in 0..<Int32(tokenizer.vocabularySize) {
                let length = llama_token_to_piece(
                    vocabulary.model.vocabulary, token, buffer.baseAddress, Int32(buffer.count), 0, false)
                let expected = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<max(0, Int(length))]))
                if !tokenizer.piece(of: token).elementsEqual(expected) { differing.append(token) }
            }
        }
        #expect(differing.isEmpty)
    }

    @Test("Markers of control tokens become those tokens, or stay text")
    func markersAreRead() throws {
        let tokenizer = try Vocabulary.named("ggml-vocab-llama-bpe.gguf").tokenizer
        let read = try tokenizer.tokens(of: "<|end_of_text|>", addingSpecial: false, readingMarkers: true)
        let plain = try tokenizer.tokens(of: "<|end_of_text|>", addingSpecial: false, readingMarkers: false)
        #expect(read.count == 1)
        #expect(plain.count > 1)
        #expect(read.allSatisfy(tokenizer.endsGeneration))
        #expect(!plain.contains(where: tokenizer.endsGeneration))
        #expect(read.allSatisfy { tokenizer.piece(of: $0).isEmpty }, "control tokens have no text")
    }

    @Test("What a model puts before every text is added where asked")
    func specialTokensAreAdded() throws {
        let tokenizer = try Vocabulary.named("ggml-vocab-llama-spm.gguf").tokenizer
        let bare = try tokenizer.tokens(of: "Hello", addingSpecial: false, readingMarkers: true)
        #expect(try tokenizer.tokens(of: "Hello", addingSpecial: true, readingMarkers: true) == [1] + bare)
    }

    @Test("A long text is read whole")
    func longTextsAreRead() throws {
        let tokenizer = try Vocabulary.named("ggml-vocab-gpt-2.gguf").tokenizer
        let text = String(repeating: "The quick brown fox. 🦊\n", count: 5_000)
        let tokens = try tokenizer.tokens(of: text, addingSpecial: false, readingMarkers: false)
        #expect(String(decoding: tokens.flatMap { tokenizer.piece(of: $0) }, as: UTF8.self) == text)
    }

    @Test("A file that is no model is an error")
    func noModelIsAnError() {
        let path = EngineFiles.folder.appending(path: "templates/README.md").path(percentEncoded: false)
        let error = #expect(throws: InferenceError.self) { _ = try LlamaModel(vocabularyPath: path) }
        #expect(error?.kind == .unavailable)
    }
}
