import Hummingbird
import Inference
import ModelStore
import Runners

/// `GET …/models/loaded`, `POST …/models/{model}/load` and `…/unload`: what is in memory.
struct LoadedModelsController: Sendable {
    let models: any ModelDirectory
    let service: any LoadingService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "models/loaded") { _, _ in
                try Response(json: ListLoadedModelsResponse(data: await service.loaded()))
            },
            // Everything between, because ids such as `owner/name` come both with their slash encoded and as it is.
            Endpoint(.post, "models/**/load") { request, context in try await load(request, context) },
            Endpoint(.post, "models/**/unload") { request, context in try await unload(request, context) },
        ]
    }

    /// The reply comes when the model is ready. The client's departure ends the wait; a start that has begun goes on.
    private func load(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try await request.decodeIfAny(LoadModelRequest.self)
        let model = try models.find(context.modelInPath)
        context.record.note { $0.model = model.id }
        let departure = await context.channel.clientDeparture()
        let loaded = try await departure.cancelling { [service] in
            try await service.load(model, keepAlive: wire?.keepAlive)
        }
        return try Response(json: loaded)
    }

    /// The reply comes when the model's process has ended.
    private func unload(_ request: Request, _ context: APIContext) async throws -> Response {
        _ = try await request.decodeIfAny(UnloadModelRequest.self)
        let model = try models.find(context.modelInPath)
        context.record.note { $0.model = model.id }
        let departure = await context.channel.clientDeparture()
        let wasLoaded = try await departure.cancelling { [service] in await service.unload(model.id) }
        return try Response(json: UnloadModelResponse(id: model.id, wasLoaded: wasLoaded))
    }
}

extension APIContext {
    /// The model that the path names, where the path leaves that open.
    var modelInPath: String {
        let path = parameters.getCatchAll().joined(separator: "/")
        return path.percentDecoded ?? path
    }
}

/// The body of `POST …/models/{model}/load`, which need not be there.
struct LoadModelRequest: Decodable, Sendable {
    let keepAlive: KeepAlive?

    init(from decoder: any Decoder) throws {
        keepAlive = try KeepAliveField(from: decoder).time
    }
}

/// The body of `POST …/models/{model}/unload`, which need not be there, and says nothing.
struct UnloadModelRequest: Decodable, Sendable {
    private enum CodingKeys: CodingKey {}

    init(from decoder: any Decoder) throws {
        _ = try FieldReader(decoder, keyedBy: CodingKeys.self)
    }
}

/// The reply of `POST …/models/{model}/unload`.
struct UnloadModelResponse: Encodable, Sendable {
    let id: String
    let wasLoaded: Bool

    private enum CodingKeys: String, CodingKey {
        case id
        case wasLoaded = "was_loaded"
    }
}

/// The reply of `GET …/models/loaded`.
struct ListLoadedModelsResponse: Encodable, Sendable {
    let object = "list"
    let data: [LoadedModel]

    private enum CodingKeys: CodingKey {
        case object, data
    }
}
