/// Something to be continued by a language model.
public enum GenerationRequest: Codable, Sendable, Equatable {
    case chat(ChatRequest)
    case completion(CompletionRequest)
}

extension GenerationRequest {
    public var parameters: GenerationParameters {
        switch self {
        case .chat(let request): request.parameters
        case .completion(let request): request.parameters
        }
    }
}
