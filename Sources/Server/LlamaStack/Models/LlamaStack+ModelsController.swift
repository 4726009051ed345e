import Hummingbird
import Inference
import ModelStore

extension LlamaStack {
    /// `GET …/models/list` and `…/models/get`.
    struct ModelsController: Sendable {
        let models: any ModelDirectory

        var endpoints: [Endpoint] {
            [
                Endpoint(.get, "models/list") { _, _ in try Response(json: list()) },
                Endpoint(.get, "models/get") { request, _ in try Response(json: retrieve(request)) },
            ]
        }

        /// Models for chat first: clients that are not told which to talk to take the first of all.
        private func list() throws -> [Model] {
            let installed = try models.installed()
            return [Capability.chat, .embeddings].flatMap { capability in
                installed.filter { $0.capability == capability }.map(Model.init)
            }
        }

        private func retrieve(_ request: Request) throws -> Model {
            guard let name = request.uri.queryParameters["identifier"], !name.isEmpty else {
                let fault = FieldFault(
                    code: .missing, path: "identifier", message: "is required: expected a model's id")
                throw ValidationFailure(faults: [fault], count: 1)
            }
            do {
                return Model(try models.find(String(name)))
            } catch var error as InferenceError {
                error.parameter = "identifier"
                throw error
            }
        }
    }

    /// An installed model, with the fields of all the clients' versions.
    struct Model: Encodable, Sendable {
        let identifier: String
        let type = "model"
        let providerID: String
        let providerResourceID: String
        let llamaModel: String
        let metadata: Metadata

        struct Metadata: Encodable, Sendable {
            let capability: String
            let contextLength: Int?
            let ownedBy: String

            private enum CodingKeys: String, CodingKey {
                case capability
                case contextLength = "context_length"
                case ownedBy = "owned_by"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case identifier, type, metadata
            case providerID = "provider_id"
            case providerResourceID = "provider_resource_id"
            case llamaModel = "llama_model"
        }

        init(_ model: InstalledModel) {
            identifier = model.id
            providerID = model.engine.rawValue
            providerResourceID = model.id
            llamaModel = model.id
            metadata = Metadata(
                capability: model.capability.rawValue, contextLength: model.contextLength, ownedBy: model.ownedBy)
        }
    }
}
