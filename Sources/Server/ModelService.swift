/// All that the HTTP surface asks of models.
public typealias ModelService = ChatService & EmbeddingService & TranscriptionService & ImageUpscalingService
    & LoadingService
