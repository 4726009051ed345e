import Inference
import ModelStore

extension LlamaStack {
    /// The parts of the surface, as LlamaStack divides it.
    enum API: String, CaseIterable, Sendable {
        case inference
        case inspect
        case models
    }

    /// Something that answers requests.
    struct ProviderInfo: Encodable, Sendable, Equatable {
        let id: String

        /// All run in this installation, none at a remote service.
        var type: String { "inline::\(id)" }

        private enum CodingKeys: String, CodingKey {
            case id = "provider_id"
            case type = "provider_type"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(type, forKey: .type)
        }
    }

    /// Who answers requests now.
    struct Providers: Sendable {
        let models: any ModelDirectory

        /// Inference is done by the engines of the models that are installed for it, the rest by the server itself.
        func of(_ api: API) throws -> [ProviderInfo] {
            switch api {
            case .inference:
                let served: [Capability] = [.chat, .embeddings]
                let engines = try models.installed().filter { served.contains($0.capability) }.map(\.engine.rawValue)
                return Set(engines).sorted().map(ProviderInfo.init)
            case .inspect, .models:
                return [ProviderInfo(id: "dpais")]
            }
        }
    }
}
