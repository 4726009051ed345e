import Inference
import ModelStore

/// An installed model, as the API lists it.
struct Model: Encodable, Sendable {
    let id: String
    let object = "model"
    /// When it was installed, in seconds of Unix time.
    let created: Int
    let ownedBy: String
    let capability: String

    enum CodingKeys: String, CodingKey {
        case id, object, created, capability
        case ownedBy = "owned_by"
    }

    init(_ model: InstalledModel) {
        id = model.id
        created = model.created
        ownedBy = model.ownedBy
        capability = model.capability.rawValue
    }
}
