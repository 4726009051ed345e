import Inference

/// What only the model can say of a request.
extension LlamaEngine {
    /// - Parameter promptParameter: the field that the prompt was made from.
    func check(_ prompt: [Int32], _ parameters: GenerationParameters, promptParameter: String) throws {
        guard !prompt.isEmpty else {
            throw InferenceError(
                .invalidRequest, "This makes an empty prompt; a model needs a token to continue.",
                parameter: promptParameter)
        }
        guard prompt.count < contextLength else {
            throw InferenceError(
                .contextLengthExceeded,
                "The prompt has \(prompt.count) tokens; this model's context holds \(contextLength), prompt and answer "
                    + "together. Shorten it.", parameter: promptParameter)
        }
        try tokenizer.checkVocabulary(parameters.sampling.logitBias.keys, parameter: "logit_bias")
    }
}
