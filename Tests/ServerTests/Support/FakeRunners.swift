import Inference
import ModelStore
import RunnerProtocol
import Runners
import Server
import ServiceLifecycle
import Synchronization

/// All that models do, as the tests tell it to.
struct FakeRunners: ChatService, EmbeddingService, TranscriptionService, ImageUpscalingService, LoadingService, Service
{
    var chat = FakeChat([.end()])
    var embeddings = FakeEmbeddings()
    var speech = FakeTranscription()
    var pictures = FakeUpscaling()
    var loading = FakeLoading()

    func generate(
        _ request: GenerationRequest, with model: InstalledModel, traceparent: String?
    ) async throws -> StartedGeneration {
        try await chat.generate(request, with: model, traceparent: traceparent)
    }

    func embed(
        _ request: EmbeddingRequest, with model: InstalledModel, traceparent: String?
    ) async throws -> Embeddings {
        try await embeddings.embed(request, with: model, traceparent: traceparent)
    }

    func transcribe(
        _ request: TranscriptionRequest, file: String, with model: InstalledModel, traceparent: String?
    ) async throws -> TranscriptionEvents {
        try await speech.transcribe(request, file: file, with: model, traceparent: traceparent)
    }

    func upscale(
        _ picture: [UInt8], with model: InstalledModel, traceparent: String?
    ) async throws -> UpscaledPicture {
        try await pictures.upscale(picture, with: model, traceparent: traceparent)
    }

    func load(_ model: InstalledModel, keepAlive: KeepAlive?) async throws -> LoadedModel {
        try await loading.load(model, keepAlive: keepAlive)
    }

    func keep(_ model: InstalledModel, for time: KeepAlive) async { await chat.keep(model, for: time) }

    func unload(_ id: String) async -> Bool { await loading.unload(id) }

    func loaded() async -> [LoadedModel] { await loading.loaded() }

    func statistics() async -> [RunnerStatus] { await chat.statistics() }

    func run() async throws { try await chat.run() }
}

/// Embeds each input as the vector that the test gives, by its place.
final class FakeEmbeddings: EmbeddingService {
    typealias Script = @Sendable (EmbeddingRequest) async throws -> Embeddings

    private let script: Script
    private let requests = Mutex<[EmbeddingRequest]>([])

    init(_ script: @escaping Script) {
        self.script = script
    }

    /// The vector of the input at place n is (n, 0.5).
    convenience init() {
        self.init { request in
            Embeddings(
                values: request.inputs.indices.flatMap { [Float($0), 0.5] }, dimensions: 2, promptTokens: 7)
        }
    }

    /// What was asked.
    var received: [EmbeddingRequest] { requests.withLock { $0 } }

    func keep(_ model: InstalledModel, for time: KeepAlive) async {}

    func embed(
        _ request: EmbeddingRequest, with model: InstalledModel, traceparent: String?
    ) async throws -> Embeddings {
        requests.withLock { $0.append(request) }
        return try await script(request)
    }
}

/// Enlarges every picture to the same bytes.
final class FakeUpscaling: ImageUpscalingService {
    typealias Script = @Sendable ([UInt8]) async throws -> UpscaledPicture

    private let script: Script
    private let pictures = Mutex<[[UInt8]]>([])

    init(_ script: @escaping Script = { _ in UpscaledPicture(png: Array("a large picture".utf8), width: 8, height: 8) })
    {
        self.script = script
    }

    /// The files that were to be enlarged.
    var received: [[UInt8]] { pictures.withLock { $0 } }

    func keep(_ model: InstalledModel, for time: KeepAlive) async {}

    func upscale(
        _ picture: [UInt8], with model: InstalledModel, traceparent: String?
    ) async throws -> UpscaledPicture {
        pictures.withLock { $0.append(picture) }
        return try await script(picture)
    }
}
