import Inference
import OpenVINOEngine
import TestSupport
import Testing

@Suite("Text embeddings on OpenVINO")
struct TextEmbeddingEngineTests {
    private func engine(_ encoder: TinyEncoder, shortensVectors: Bool = false) async throws -> TextEmbeddingEngine {
        try await TextEmbeddingEngine(encoder.configuration(shortensVectors: shortensVectors))
    }

    private func texts(_ texts: String...) -> EmbeddingRequest { .init(inputs: texts.map { .text($0) }) }

    @Test("a text's vector is the mean of its tokens' states, at unit length", arguments: ["i64", "i32"])
    func embedsTexts(types: String) async throws {
        let engine = try await engine(TinyEncoder(types: types))
        let embeddings = try await engine.embed(texts("a b", "h", "c c c d e f g h a b"))
        #expect(embeddings.dimensions == 4)
        #expect(embeddings.promptTokens == 4 + 3 + 12)
        for (row, text) in zip(embeddings.rows, ["a b", "h", "c c c d e f g h a b"]) {
            #expect(agree(row, TinyVectors.mean(text)), "\(text)")
        }
    }

    @Test("a vector does not depend on what else is in the request")
    func isTheSameInAnyBatch() async throws {
        let engine = try await engine(TinyEncoder())
        var random = SeededNumbers(seed: 4)
        let all = (0..<2048).map { _ in
            String((0..<Int.random(in: 0...12, using: &random)).map { _ in "abcdefgh".randomElement(using: &random)! })
        }
        let spaced = all.map { $0.map(String.init).joined(separator: " ") }
        let embeddings = try await engine.embed(.init(inputs: spaced.map { .text($0) }))
        let wrong = zip(embeddings.rows, spaced).count { !agree($0, TinyVectors.mean($1)) }
        #expect(wrong == 0)
        #expect(await engine.statistics().steps < 2048 / 4)
    }

    @Test("tokens are read as they are, between the special tokens where they lack them")
    func embedsTokens() async throws {
        let engine = try await engine(TinyEncoder())
        let bare: [Int32] = [TinyEncoder.token("c"), TinyEncoder.token("f")]
        let embeddings = try await engine.embed(
            .init(inputs: [.tokens(bare), .tokens([TinyEncoder.first] + bare + [TinyEncoder.last]), .text("c f")]))
        #expect(embeddings.promptTokens == 12)
        for row in embeddings.rows { #expect(agree(row, TinyVectors.mean("c f"))) }
    }

    @Test(
        "the pooling is the one that the model names",
        arguments: [
            ("pooling_mode_cls_token", [4, 5, 0, 2]), ("pooling_mode_lasttoken", [3, 6, -1, 1]),
            // Of the states [4 5 0 2], [5 6 0 1], [3 8 1 1] and [3 6 -1 1].
            ("pooling_mode_max_tokens", [5, 8, 1, 2]), ("pooling_mode_mean_tokens", [15, 25, 0, 5]),
        ])
    func poolsAsTheModelSays(mode: String, direction: [Float]) async throws {
        let embeddings = try await engine(TinyEncoder(pooling: mode)).embed(texts("a b"))
        #expect(agree(embeddings.values, TinyVectors.unit(direction)))
    }

    @Test("token types and positions are given where the graph asks for them")
    func givesTypesAndPositions() async throws {
        let encoder = try TinyEncoder(pooling: "pooling_mode_lasttoken", hasMoreInputs: true)
        let embeddings = try await engine(encoder).embed(texts("a b"))
        // The last token stands at position 3.
        #expect(agree(embeddings.values, TinyVectors.unit([3 + 3, 6 + 3, -1 + 3, 1 + 3])))
    }

    @Test("a graph of fixed rows and length is given full batches", arguments: [[1, 8], [4, 8]])
    func fillsFixedShapes(shape: [Int]) async throws {
        let engine = try await engine(TinyEncoder(shape: shape))
        let all = ["a", "b c", "d e f", "g h a b", "c"]
        let embeddings = try await engine.embed(.init(inputs: all.map { .text($0) }))
        for (row, text) in zip(embeddings.rows, all) { #expect(agree(row, TinyVectors.mean(text)), "\(text)") }
        let error = await #expect(throws: InferenceError.self) { try await engine.embed(texts("a a a a a a a")) }
        #expect(error?.kind == .contextLengthExceeded)
    }

    @Test("the first components are a vector of unit length for models trained for it")
    func shortensVectors() async throws {
        let engine = try await engine(TinyEncoder(), shortensVectors: true)
        var request = texts("a b", "f")
        request.dimensions = 2
        let embeddings = try await engine.embed(request)
        #expect(embeddings.dimensions == 2)
        #expect(agree(embeddings.rows[0], TinyVectors.unit(Array(TinyVectors.mean("a b").prefix(2)))))
        for asked in [0, -1, 5] {
            request.dimensions = asked
            let error = await #expect(throws: InferenceError.self) { try await engine.embed(request) }
            #expect(error?.kind == .invalidRequest && error?.parameter == "dimensions")
        }
    }

    @Test("other models refuse to shorten their vectors")
    func refusesToShorten() async throws {
        let engine = try await engine(TinyEncoder())
        var request = texts("a")
        request.dimensions = 2
        let error = await #expect(throws: InferenceError.self) { try await engine.embed(request) }
        #expect(error?.kind == .invalidRequest && error?.parameter == "dimensions")
    }

    @Test("too long a text is refused, with both lengths and its place")
    func refusesALongText() async throws {
        let engine = try await engine(TinyEncoder(limit: 5))
        let error = await #expect(throws: InferenceError.self) { try await engine.embed(texts("a", "a b c d")) }
        #expect(error?.kind == .contextLengthExceeded)
        #expect(error?.parameter == "input[1]")
        #expect(error?.message.contains("6 tokens") == true && error?.message.contains("at most 5") == true)
    }

    @Test("too long a text loses its beginning or end where that is asked for")
    func truncates() async throws {
        let engine = try await engine(TinyEncoder(limit: 5))
        var request = texts("a b c d e", "f")
        request.truncation = .start
        let start = try await engine.embed(request)
        request.truncation = .end
        let end = try await engine.embed(request)
        #expect(agree(start.rows[0], TinyVectors.mean("c d e")))
        #expect(agree(end.rows[0], TinyVectors.mean("a b c")))
        #expect(start.promptTokens == 8)
        #expect(agree(start.rows[1], TinyVectors.mean("f")))
    }

    @Test("a token that the model does not know is refused", arguments: [-1, 12, .max] as [Int32])
    func refusesUnknownTokens(token: Int32) async throws {
        let engine = try await engine(TinyEncoder())
        let error = await #expect(throws: InferenceError.self) {
            try await engine.embed(.init(inputs: [.tokens([4]), .tokens([5, token])]))
        }
        #expect(error?.kind == .invalidRequest && error?.parameter == "input[1]")
        #expect(error?.message.contains("0 to 11") == true)
    }

    @Test("a picture is refused")
    func refusesPictures() async throws {
        let engine = try await engine(TinyEncoder())
        let error = await #expect(throws: InferenceError.self) {
            try await engine.embed(.init(inputs: [.image([1])]))
        }
        #expect(error?.kind == .invalidRequest && error?.parameter == "images")
    }

    @Test("requests at once get each their own vectors")
    func servesRequestsAtOnce() async throws {
        let engine = try await engine(TinyEncoder())
        let words = ["a", "b c", "d e f", "g h a b", "c d e f g", "h"]
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for round in 0..<48 {
                let text = words[round % words.count]
                group.addTask {
                    let rows = try await engine.embed(.init(inputs: [.text(text), .text("a")])).rows
                    return [TinyVectors.mean(text), TinyVectors.mean("a")].enumerated().count { place, expected in
                        !agree(rows[place], expected)
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0)
        let statistics = await engine.statistics()
        // One of them at the start.
        #expect(statistics.completedRequests == 49)
        #expect(statistics.running == 0 && statistics.queued == 0)
    }

    @Test("an engine that was shut down says so")
    func refusesAfterTheEnd() async throws {
        let engine = try await engine(TinyEncoder())
        await engine.shutDown()
        let error = await #expect(throws: InferenceError.self) { try await engine.embed(texts("a")) }
        #expect(error?.kind == .unavailable)
    }

    @Test("the engine tells what it is")
    func describesItself() async throws {
        let encoder = try TinyEncoder(limit: 7)
        let (one, other) = (try await engine(encoder), try await engine(encoder))
        #expect(one.description.capabilities == [.embeddings])
        #expect(one.description.engine.hasPrefix("OpenVINO 20"))
        #expect(one.description.contextLength == 7)
        #expect(one.description.fingerprint == other.description.fingerprint)
        var configuration = encoder.configuration()
        configuration.modelDigest = "another"
        let third = try await TextEmbeddingEngine(configuration)
        #expect(one.description.fingerprint != third.description.fingerprint)
    }

    @Test("a folder that holds no text encoder is refused, and the message names no path")
    func refusesOtherFolders() async throws {
        func refusal(_ change: (TinyEncoder) throws -> Void) async throws -> InferenceError? {
            let encoder = try TinyEncoder()
            try change(encoder)
            let error = await #expect(throws: InferenceError.self) { try await engine(encoder) }
            #expect(error?.message.contains(encoder.folder.path) == false)
            return error
        }
        #expect(try await refusal { try $0.folder.write("model.xml", "no graph") }?.kind == .unavailable)
        #expect(try await refusal { try $0.folder.write("model.xml", TinyModels.doubling) }?.kind == .unsupported)
        #expect(try await refusal { try $0.folder.write("tokenizer.json", "{}") }?.kind == .unsupported)
        #expect(try await refusal { try $0.folder.write("config.json", #"{"vocab_size": 11}"#) }?.kind == .unsupported)
        #expect(try await refusal { try $0.folder.write("config.json", "[") }?.kind == .unavailable)
        #expect(try await refusal { try $0.folder.remove("model.xml") }?.kind == .unavailable)
    }
}
