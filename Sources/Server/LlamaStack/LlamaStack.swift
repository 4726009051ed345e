/// The LlamaStack surface, its types under the names of its specification.
///
/// Served are the paths that its published clients call: 0.0.50 those of the contract with `_` for `-`, 0.0.53 the same
/// behind `alpha/`.
package enum LlamaStack {
    /// Where the surface is served.
    static let bases = ["v1/llamastack", "v1/llamastack/alpha"]

    static func endpoints(models: any ModelDirectory, service: any ModelService) -> [Endpoint] {
        let served: [API: [Endpoint]] = [
            .inference: ChatCompletionController(models: models, chat: service).endpoints
                + EmbeddingsController(models: models, service: service).endpoints,
            .models: ModelsController(models: models).endpoints,
        ]
        let inspect = InspectController(providers: Providers(models: models), others: served)
        return served.values.flatMap { $0 } + inspect.endpoints
    }
}
