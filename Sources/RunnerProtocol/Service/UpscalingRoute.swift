import Hummingbird
import Inference
import NIOCore

enum UpscalingRoute {
    static func add(_ engine: some ImageUpscalingEngine, to router: Router<RunnerContext>) {
        router.post(RouterPath(RunnerRoute.upscaling)) { request, context in
            try await answering {
                context.logTrace("upscaling", of: request)
                let picture = Array(try await request.bytes(context).readableBytesView)
                let upscaled = try await cancellingOnClose(of: context.channel) {
                    try await offLoop { try await engine.upscale(picture) }
                }
                return try Response(framed: upscaled.framed())
            }
        }
    }
}
