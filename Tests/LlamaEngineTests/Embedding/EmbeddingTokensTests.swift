import Inference
import LlamaEngine
import Testing

/// On BERT's published vocabulary: `hello` is 7592, `world` 2088, `[CLS]` 101 and `[SEP]` 102.
@Suite("EmbeddingTokens")
struct EmbeddingTokensTests {
    private func tokens(
        _ input: EmbeddingRequest.Input, _ truncation: EmbeddingRequest.Truncation = .none, contextLength: Int = 512,
        vocabulary: String = "ggml-vocab-bert-bge.gguf"
    ) async throws -> [[Int32]] {
        let tokenizer = try Vocabulary.named(vocabulary).tokenizer
        return try await EmbeddingTokens(tokenizer, contextLength: contextLength).tokens(
            of: EmbeddingRequest(inputs: [.text("hello"), input], truncation: truncation))
    }

    private func error(
        _ input: EmbeddingRequest.Input, contextLength: Int = 512, vocabulary: String = "ggml-vocab-bert-bge.gguf"
    ) async -> InferenceError? {
        await #expect(throws: InferenceError.self) {
            try await tokens(input, contextLength: contextLength, vocabulary: vocabulary)
        }
    }

    @Test("A text gets what the model puts around every text")
    func textsAreWrapped() async throws {
        #expect(try await tokens(.text("Hello world")) == [[101, 7592, 102], [101, 7592, 2088, 102]])
        #expect(try await tokens(.text("")) == [[101, 7592, 102], [101, 102]])
    }

    @Test("Given tokens get it too, at each end that lacks it")
    func tokensAreWrapped() async throws {
        for given: [Int32] in [[7592, 2088], [101, 7592, 2088], [7592, 2088, 102], [101, 7592, 2088, 102]] {
            #expect(try await tokens(.tokens(given))[1] == [101, 7592, 2088, 102])
        }
        #expect(try await tokens(.tokens([0, 30_521]))[1] == [101, 0, 30_521, 102])
        // Qwen puts nothing around a text.
        #expect(try await tokens(.tokens([5, 6]), vocabulary: "ggml-vocab-qwen2.gguf")[1] == [5, 6])
    }

    @Test("Tokens that are none are refused", arguments: [-1, 30_522, Int32.max])
    func foreignTokens(token: Int32) async {
        let error = await error(.tokens([7592, token]))
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "input[1]")
        #expect(error?.message.contains("30521") == true)
    }

    @Test("An input without a token is refused")
    func emptyInputs() async {
        for input in [EmbeddingRequest.Input.text(""), .tokens([])] {
            let error = await error(input, vocabulary: "ggml-vocab-qwen2.gguf")
            #expect(error?.kind == .invalidRequest)
            #expect(error?.parameter == "input[1]")
        }
    }

    @Test("A picture is refused")
    func pictures() async {
        let error = await error(.image([1, 2, 3]))
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "images")
    }

    @Test("A text that just fits is read, one token more is refused with both lengths")
    func tooLongTexts() async throws {
        let text = EmbeddingRequest.Input.text("hello world hello")
        #expect(try await tokens(text, contextLength: 5)[1].count == 5)
        let error = await error(text, contextLength: 4)
        #expect(error?.kind == .contextLengthExceeded)
        #expect(error?.parameter == "input[1]")
        #expect(error?.message.contains("5 tokens") == true)
        #expect(error?.message.contains("at most 4") == true)
        #expect(await self.error(.tokens([1, 2, 3, 4, 5]), contextLength: 4)?.kind == .contextLengthExceeded)
    }

    @Test("A text shortened at its end keeps what is put around it")
    func shortenedAtTheEnd() async throws {
        let text = EmbeddingRequest.Input.text("hello world world world")
        #expect(try await tokens(text, .end, contextLength: 4)[1] == [101, 7592, 2088, 102])
        #expect(try await tokens(text, .end)[1] == [101, 7592, 2088, 2088, 2088, 102])
    }

    @Test("A text shortened at its start keeps what is put around it")
    func shortenedAtTheStart() async throws {
        let text = EmbeddingRequest.Input.text("hello hello hello world")
        #expect(try await tokens(text, .start, contextLength: 4)[1] == [101, 7592, 2088, 102])
    }

    @Test("A sentencepiece text shortened at either end keeps its beginning token")
    func shortenedSentencePieces() async throws {
        let whole = try await tokens(.text("hello world again"), vocabulary: "ggml-vocab-llama-spm.gguf")[1]
        let cut = { (truncation: EmbeddingRequest.Truncation) in
            try await tokens(
                .text("hello world again"), truncation, contextLength: 3, vocabulary: "ggml-vocab-llama-spm.gguf")[1]
        }
        #expect(whole.count > 3)
        #expect(whole[0] == 1)
        #expect(try await cut(.end) == Array(whole.prefix(3)))
        #expect(try await cut(.start) == [1] + whole.suffix(2))
    }

    @Test("Given tokens are shortened where asked")
    func shortenedTokens() async throws {
        #expect(try await tokens(.tokens([1, 2, 3, 4, 5]), .start, contextLength: 4)[1] == [101, 4, 5, 102])
        #expect(try await tokens(.tokens([1, 2, 3, 4, 5]), .end, contextLength: 4)[1] == [101, 1, 2, 102])
    }
}
