import Hummingbird
import Inference
import NIOCore

enum UpscalingRoute {
    static func add(_ engine: some ImageUpscalingEngine, to router: Router<RunnerContext>) {
        router.post(RouterPath(RunnerRoute.upscaling)) { request, context in
            try await answering {
                let picture = try PixelImage(framed: try await request.bytes(context))
                let upscaled = try await cancellingOnClose(of: context.channel) { try await engine.upscale(picture) }
                return Response(
                    status: .ok, headers: [.contentType: "application/octet-stream"],
                    body: .init(byteBuffer: try upscaled.framed()))
            }
        }
    }
}

extension PixelImage {
    init(framed message: ByteBuffer) throws {
        var (size, payload) = try FramedMessage.decode(RunnerRoute.PictureSize.self, from: message)
        let count = size.width * size.height * size.channels
        guard size.width > 0, size.height > 0, let pixels = payload.readBytes(length: count) else {
            throw InferenceError(.internal, "A message between runner and server was cut short.")
        }
        self.init(width: size.width, height: size.height, channels: size.channels, pixels: pixels)
    }

    func framed() throws -> ByteBuffer {
        let size = RunnerRoute.PictureSize(width: width, height: height, channels: channels)
        return try pixels.withUnsafeBytes { try FramedMessage.encode(size, payload: $0) }
    }
}
