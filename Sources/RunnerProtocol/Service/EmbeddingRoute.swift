import Hummingbird
import Inference
import NIOCore

enum EmbeddingRoute {
    static func add(_ engine: some EmbeddingEngine, to router: Router<RunnerContext>) {
        router.post(RouterPath(RunnerRoute.embeddings)) { request, context in
            try await answering {
                let message = try await request.bytes(context)
                let embeddings = try await cancellingOnClose(of: context.channel) {
                    try await engine.embed(EmbeddingRequest(framed: message))
                }
                let vectors = RunnerRoute.Vectors(
                    dimensions: embeddings.dimensions, promptTokens: embeddings.promptTokens)
                return Response(
                    status: .ok, headers: [.contentType: "application/octet-stream"],
                    body: .init(byteBuffer: try FramedMessage.encode(vectors, floats: embeddings.values)))
            }
        }
    }
}

extension EmbeddingRequest {
    init(framed message: ByteBuffer) throws {
        var (header, images) = try FramedMessage.decode(RunnerRoute.EmbeddingInputs.self, from: message)
        let inputs = try header.inputs.map { input -> Input in
            switch input {
            case .text(let text): return .text(text)
            case .tokens(let tokens): return .tokens(tokens)
            case .image(let count):
                guard count >= 0, let image = images.readBytes(length: count) else {
                    throw InferenceError(.internal, "A message between runner and server was cut short.")
                }
                return .image(image)
            }
        }
        self.init(inputs: inputs, dimensions: header.dimensions)
    }

    func framed() throws -> ByteBuffer {
        var images: [UInt8] = []
        let header = RunnerRoute.EmbeddingInputs(
            inputs: inputs.map { input in
                switch input {
                case .text(let text): return .text(text)
                case .tokens(let tokens): return .tokens(tokens)
                case .image(let image):
                    images += image
                    return .image(bytes: image.count)
                }
            }, dimensions: dimensions)
        return try images.withUnsafeBytes { try FramedMessage.encode(header, payload: $0) }
    }
}
