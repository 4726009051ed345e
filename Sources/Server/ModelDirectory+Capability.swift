import Inference
import ModelStore

extension ModelDirectory {
    /// The model that a request names, which has to be for what the request asks.
    ///
    /// - Throws: ``InferenceError`` where it is not installed, or is for something else.
    func find(_ name: String, for capability: Capability, _ context: APIContext) throws -> InstalledModel {
        let model = try find(name)
        context.record.note { $0.model = model.id }
        guard model.capability == capability else {
            throw InferenceError(
                .invalidRequest,
                "The model `\(model.id)` is for \(model.capability.purpose), not for \(capability.purpose). "
                    + "Name \(capability.kindOfModel).",
                parameter: "model")
        }
        return model
    }
}

extension Capability {
    /// What a model of this capability is for.
    fileprivate var purpose: String {
        switch self {
        case .chat: "chat"
        case .embeddings: "embeddings"
        case .transcription: "transcription"
        case .imageVariation: "image variations"
        }
    }

    /// A model of this capability, as a message calls it.
    fileprivate var kindOfModel: String {
        switch self {
        case .chat: "a chat model"
        case .embeddings: "an embedding model"
        case .transcription: "a transcription model"
        case .imageVariation: "a model for image variations"
        }
    }
}
