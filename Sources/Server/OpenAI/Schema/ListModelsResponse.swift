/// The reply of `GET …/models`.
struct ListModelsResponse: Encodable, Sendable {
    let object = "list"
    let data: [Model]
}
