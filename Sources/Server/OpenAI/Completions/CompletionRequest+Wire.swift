import Inference

extension CompletionRequest {
    /// The domain's requests out of the wire's, which has been checked whole: one for each prompt.
    static func requests(_ wire: CreateCompletionRequest) -> [CompletionRequest] {
        let parameters = GenerationParameters(wire)
        return (wire.prompt?.inputs ?? []).map { input in
            CompletionRequest(prompt: Prompt(input), echo: wire.echo, parameters: parameters)
        }
    }
}

extension CompletionRequest.Prompt {
    fileprivate init(_ input: TextInputs.Input) {
        switch input {
        case .text(let text): self = .text(text)
        case .tokens(let tokens): self = .tokens(tokens)
        }
    }
}

extension GenerationParameters {
    fileprivate init(_ wire: CreateCompletionRequest) {
        self.init(
            sampling: wire.sampling, stop: wire.stop?.texts ?? [], maximumTokens: wire.maxTokens,
            choices: wire.candidates,
            // Choosing the best needs the log-probabilities, whether or not they are told.
            topLogprobs: wire.logprobs ?? (wire.candidates > wire.n ? 0 : nil))
    }
}

extension CreateCompletionRequest {
    /// How many answers are generated for each prompt; the best `n` of them are told.
    var candidates: Int { max(bestOf ?? n, n) }
}
