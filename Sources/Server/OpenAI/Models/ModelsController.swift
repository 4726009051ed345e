import Hummingbird
import Inference
import ModelStore

/// `GET …/models` and `GET …/models/{model}`.
struct ModelsController: Sendable {
    let models: any ModelDirectory

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "models") { _, _ in try list() },
            // Everything after, because ids such as `owner/name` come both with their slash encoded and as it is.
            Endpoint(.get, "models/**") { _, context in try retrieve(context) },
        ]
    }

    private func list() throws -> Response {
        try Response(json: ListModelsResponse(data: models.installed().map(Model.init)))
    }

    private func retrieve(_ context: APIContext) throws -> Response {
        try Response(json: Model(models.find(context.modelInPath)))
    }
}

extension ModelDirectory {
    /// The model of this id or alias.
    ///
    /// - Throws: ``InferenceError`` of kind `modelNotFound`.
    func find(_ name: String) throws -> InstalledModel {
        if let model = try resolve(name) { return model }
        let shown = name.count > 128 ? name.prefix(128) + "…" : name[...]
        throw InferenceError(
            .modelNotFound,
            "The model `\(shown)` is not installed. `GET /v1/models` lists those that are; "
                + "`dpais model install` installs more.",
            parameter: "model")
    }
}
