import Inference

extension LlamaEngine {
    /// Queues the continuation of a text.
    func complete(_ request: CompletionRequest) throws -> Generation {
        let prompt: [Int32]
        let text: String
        switch request.prompt {
        case .text(let given):
            text = given
            prompt = try tokenizer.tokens(of: given, addingSpecial: true, readingMarkers: true)
        case .tokens(let tokens):
            try tokenizer.checkVocabulary(tokens, parameter: "prompt")
            text = String(decoding: tokens.flatMap { tokenizer.piece(of: $0) }, as: UTF8.self)
            prompt = tokens
        }
        try check(prompt, request.parameters, promptParameter: "prompt")
        let parameters = request.parameters
        let mailbox = scheduler.makeMailbox(choices: parameters.choices)
        if request.echo {
            for choice in 0..<parameters.choices { mailbox.send(.text(text, choice: choice)) }
        }
        try scheduler.submit(
            GenerationJob(
                prompt: prompt, parameters: parameters,
                scoresPrompt: request.echo && parameters.topLogprobs != nil,
                // Evaluation harnesses count on a token more than the prompt has.
                scoresEnd: parameters.topLogprobs != nil, mailbox: mailbox))
        return Generation(mailbox)
    }
}
