import Hummingbird
import Inference
import ModelStore
import NIOCore
import RunnerProtocol

/// `POST …/images/variations`: a picture, enlarged.
struct ImageVariationsController: Sendable {
    let models: any ModelDirectory
    let service: any ImageUpscalingService
    let intake: BodyIntake

    var endpoints: [Endpoint] {
        [
            Endpoint(.post, "images/variations", streamsBody: true) { request, context in
                try await create(request, context)
            }
        ]
    }

    private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try CreateImageVariationRequest(
            try await request.form(CreateImageVariationRequest.fields, within: intake))
        let model = try models.find(wire.model, for: .imageVariation, context)
        try await offLoop { try wire.checkImage() }
        await service.keep(model, for: wire.keepAlive)
        let picture = try await upscale(wire.image, with: model, context)
        return await Response(writingJSON: picture.png.count) { buffer in
            buffer.writeImagesResponse(picture.png, created: .unixTime)
        }
    }

    /// The client's departure ends the work.
    private func upscale(
        _ picture: SentPicture, with model: InstalledModel, _ context: APIContext
    ) async throws -> UpscaledPicture {
        let departure = await context.channel.clientDeparture()
        do {
            return try await departure.cancelling { [service, trace = context.trace.traceparent] in
                try await service.upscale(picture.file, with: model, traceparent: trace)
            }
        } catch var error as InferenceError where error.kind == .invalidRequest {
            // What is wrong with the file, only its decoder could tell.
            error.parameter = error.parameter ?? picture.field
            throw error
        }
    }
}
