import Inference

extension LlamaEngine {
    /// Queues the continuation of a conversation.
    func answer(_ request: ChatRequest) throws -> Generation {
        let files = try mediaFiles(request.attachments)
        let rendered = try template.render(files.map { request.marking(attachments: $0.projector.marker) } ?? request)
        let chunks = try files?.cut(rendered.prompt)
        let prompt = try chunks?.tokens ?? tokenizer.tokens(of: rendered.prompt)
        try check(prompt, request.parameters, promptParameter: "messages")
        var parameters = request.parameters
        parameters.stop += rendered.stops
        let mailbox = scheduler.makeMailbox(choices: parameters.choices)
        let job = GenerationJob(
            prompt: prompt, media: try chunks?.spans(batchCapacity: batchCapacity) ?? [], parameters: parameters,
            constraints: try constraints(rendered.grammar, answers: parameters.choices),
            writtenTokens: Set(rendered.preservedTokens.compactMap(tokenizer.token(writtenAs:))),
            prediction: try request.prediction.map {
                Prediction(try tokenizer.tokens(of: $0, addingSpecial: false, readingMarkers: false))
            },
            mailbox: mailbox)
        try scheduler.submit(job)
        return Generation(mailbox, parsing: rendered.parser.map { parsed(by: $0, answers: parameters.choices) })
    }

    /// The decoded attachments; `nil` where there are none.
    private func mediaFiles(_ attachments: [Attachment]) throws -> MediaFiles? {
        guard let first = attachments.first else { return nil }
        guard let projector else {
            throw InferenceError(
                .invalidRequest, "This model has no projector and cannot read \(first.kind.contents); send text.",
                parameter: first.field ?? "messages")
        }
        return try MediaFiles(attachments, for: projector)
    }

    /// One grammar for each answer, all at the same place.
    private func constraints(_ source: GrammarSource?, answers: Int) throws -> [any TokenConstraint] {
        guard let source else { return [] }
        let grammar = try Grammar(source, model: model, pieces: pieces)
        return try [grammar] + (1..<answers).map { _ in try grammar.copy() }
    }

    private func parsed(by parser: AnswerParser, answers: Int) -> ParsedAnswers {
        ParsedAnswers(Array(repeating: parser, count: answers)) { [tokenizer] text in
            (try? tokenizer.tokens(of: text, addingSpecial: false, readingMarkers: true).count) ?? 0
        }
    }
}
