import Inference
import OpenVINOEngine
import OpenVINORuntime
import TestSupport
import Testing

@Suite("CLIP")
struct CLIPEngineTests {
    private let golden: GoldenCLIP

    init() throws { golden = try GoldenCLIP() }

    /// Runs a body with an engine, which is shut down in any case.
    private func withEngine<Result>(
        _ engine: CLIPEngine, _ body: (CLIPEngine) async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await body(engine)
            await engine.shutDown()
            return result
        } catch {
            await engine.shutDown()
            throw error
        }
    }

    private func error(_ engine: CLIPEngine, _ request: EmbeddingRequest) async -> InferenceError? {
        await #expect(throws: InferenceError.self) { try await engine.embed(request) }
    }

    @Test("vectors are those that numpy computes, whatever the batch", arguments: [Precision.f32, .auto])
    func matchesReference(precision: Precision) async throws {
        try await withEngine(golden.engine(precision: precision)) { engine in
            let inputs = try golden.inputs()
            let together = try await engine.embed(EmbeddingRequest(inputs: inputs))
            #expect(together.dimensions == GoldenCLIP.dimensions)
            #expect(golden.cosines(together.values).allSatisfy { $0 >= 0.999 })
            var alone: [Float] = []
            for input in inputs { alone += try await engine.embed(EmbeddingRequest(inputs: [input])).values }
            #expect(golden.cosines(alone).allSatisfy { $0 >= 0.999 })
        }
    }

    @Test("requests that are in flight together get their own vectors")
    func concurrentRequests() async throws {
        try await withEngine(golden.engine()) { engine in
            let inputs = try golden.inputs()
            let vectors = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
                for (row, input) in inputs.enumerated() {
                    group.addTask { (row, try await engine.embed(EmbeddingRequest(inputs: [input])).values) }
                }
                var vectors = Array(repeating: [Float](), count: inputs.count)
                for try await (row, vector) in group { vectors[row] = vector }
                return vectors.flatMap(\.self)
            }
            #expect(golden.cosines(vectors).allSatisfy { $0 >= 0.999 })
            #expect(await engine.statistics().completedRequests == inputs.count)
        }
    }

    @Test("a text tower with an attention mask gives the same vectors")
    func attentionMask() async throws {
        let masked = try golden.copy(renaming: ["text_model_masked.onnx": "text_model.onnx"])
        try await withEngine(golden.engine(folder: masked.path)) { engine in
            let embeddings = try await engine.embed(EmbeddingRequest(inputs: golden.inputs()))
            #expect(golden.cosines(embeddings.values).allSatisfy { $0 >= 0.999 })
        }
    }

    @Test("vectors have unit length")
    func unitLength() async throws {
        try await withEngine(golden.engine()) { engine in
            let embeddings = try await engine.embed(EmbeddingRequest(inputs: golden.inputs()))
            for start in stride(from: 0, to: embeddings.values.count, by: embeddings.dimensions) {
                let row = embeddings.values[start..<start + embeddings.dimensions]
                #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
            }
        }
    }

    @Test("texts count with their start and end, pictures count nothing")
    func promptTokens() async throws {
        try await withEngine(golden.engine()) { engine in
            let texts = golden.values.texts
            let embeddings = try await engine.embed(EmbeddingRequest(inputs: texts.map { .text($0.text) }))
            #expect(embeddings.promptTokens == texts.reduce(0) { $0 + $1.count })
            let picture = EmbeddingRequest.Input.image(try golden.file("tiny.png"))
            #expect(try await engine.embed(EmbeddingRequest(inputs: [picture])).promptTokens == 0)
            #expect(try await engine.embed(EmbeddingRequest(inputs: [.tokens([5]), picture])).promptTokens == 3)
        }
    }

    @Test("a text that is too long is refused with both lengths, unless it may be cut")
    func tooLong() async throws {
        try await withEngine(golden.engine()) { engine in
            let inputs = [EmbeddingRequest.Input.text("a"), .tokens(Array(repeating: 9, count: 76))]
            let error = await error(engine, EmbeddingRequest(inputs: inputs))
            #expect(error?.kind == .contextLengthExceeded)
            #expect(error?.parameter == "input[1]")
            #expect(error?.message.contains("78") == true)
            #expect(error?.message.contains("77") == true)
        }
    }

    @Test("a text that is cut keeps its end token")
    func truncation() async throws {
        try await withEngine(golden.engine()) { engine in
            let tokens = (0..<200).map { Int32(100 + $0) }
            func vector(_ tokens: [Int32], _ truncation: EmbeddingRequest.Truncation) async throws -> Embeddings {
                try await engine.embed(EmbeddingRequest(inputs: [.tokens(tokens)], truncation: truncation))
            }
            let beginning = try await vector(tokens, .end)
            #expect(beginning.promptTokens == 77)
            #expect(beginning == (try await vector(Array(tokens.prefix(75)), .none)))
            #expect(try await vector(tokens, .start) == (try await vector(Array(tokens.suffix(75)), .none)))
        }
    }

    @Test("shorter vectors are refused, but of a model that was trained for them")
    func dimensions() async throws {
        let request = EmbeddingRequest(inputs: [.text("a photo")], dimensions: 4)
        try await withEngine(golden.engine()) { engine in
            let error = await error(engine, request)
            #expect(error?.kind == .invalidRequest)
            #expect(error?.parameter == "dimensions")
        }
        try await withEngine(golden.engine(shortensVectors: true)) { engine in
            let embeddings = try await engine.embed(request)
            #expect(embeddings.values.count == 4)
            #expect(abs(embeddings.values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
    }

    @Test("a file that is no picture is refused by its place among the pictures")
    func unreadablePictures() async throws {
        let jpeg = try golden.file("turned.jpg")
        let cases: [(file: [UInt8], says: String)] = [
            ([], "empty"), (Array("GIF89a".utf8) + Array(repeating: 0, count: 60), "GIF"),
            (Array("a text".utf8), "expected a JPEG, PNG or WebP file"), (Array(jpeg.prefix(900)), "cut short"),
            (try golden.file("huge.png"), "at most 50000000"),
        ]
        try await withEngine(golden.engine()) { engine in
            for (file, says) in cases {
                let inputs = [EmbeddingRequest.Input.text("a photo"), .image(jpeg), .image(file)]
                let error = await error(engine, EmbeddingRequest(inputs: inputs))
                #expect(error?.kind == .invalidRequest)
                #expect(error?.parameter == "images[1]")
                #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
            }
            #expect(await engine.statistics().failedRequests == cases.count)
            #expect(await engine.statistics().running == 0)
        }
    }

    @Test("tokens that the model does not have are refused")
    func unknownTokens() async throws {
        try await withEngine(golden.engine()) { engine in
            for token in [Int32(-1), 100_000] {
                let error = await error(engine, EmbeddingRequest(inputs: [.text("a"), .tokens([5, token])]))
                #expect(error?.kind == .invalidRequest)
                #expect(error?.parameter == "input[1]")
            }
        }
    }

    @Test("a request that is cancelled ends, and the next one is served")
    func cancellation() async throws {
        try await withEngine(golden.engine()) { engine in
            let picture = EmbeddingRequest.Input.image(try golden.file("plain.png"))
            let large = EmbeddingRequest(inputs: [.text("a")] + Array(repeating: picture, count: 500))
            // Within the task: else the request could be done before it is cancelled.
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await engine.embed(large)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            _ = try await engine.embed(EmbeddingRequest(inputs: [picture]))
            let statistics = await engine.statistics()
            #expect(statistics.cancelledRequests == 1)
            #expect(statistics.completedRequests == 1)
        }
    }

    @Test("more requests than may be in flight are sent away for a while")
    func overload() async throws {
        try await withEngine(golden.engine(requestLimit: 0)) { engine in
            let error = await error(engine, EmbeddingRequest(inputs: [.text("a")]))
            #expect(error?.kind == .overloaded)
            #expect(error?.retryAfterSeconds == 1)
        }
    }

    @Test("an engine that was shut down says so")
    func shutDown() async throws {
        let engine = try await golden.engine()
        await engine.shutDown()
        #expect(await error(engine, EmbeddingRequest(inputs: [.text("a")]))?.kind == .unavailable)
    }

    @Test("the engine tells what it is")
    func description() async throws {
        try await withEngine(golden.engine()) { engine in
            #expect(engine.description.capabilities == [.embeddings])
            #expect(engine.description.contextLength == 77)
            await engine.setThreads(1)
            #expect(await engine.statistics().threads == 1)
            await engine.setThreads(9)
            #expect(await engine.statistics().threads == 2)
        }
    }

    @Test("a folder that is no CLIP model is refused")
    func wrongFolders() async throws {
        let (empty, noVision, swapped) = (try TemporaryFolder(), try golden.copy(), try golden.copy())
        try noVision.remove("vision_model.onnx")
        try swapped.write("vision_model.onnx", golden.file("text_model.onnx"))
        let damaged = try golden.copy()
        try damaged.write("text_model.onnx", "no graph")
        for (folder, kind) in [
            (empty, InferenceError.Kind.unsupported), (noVision, .unavailable), (swapped, .unsupported),
            (damaged, .unavailable),
        ] {
            let error = await #expect(throws: InferenceError.self) { try await golden.engine(folder: folder.path) }
            #expect(error?.kind == kind)
            #expect(error?.message.contains("/") == false)
        }
    }
}
