/// What a model can be asked to do, in the words of the API's model list.
public enum Capability: String, Codable, Sendable, Hashable, CaseIterable {
    case chat
    case embeddings
    case transcription
    case imageVariation = "image-variation"
}
