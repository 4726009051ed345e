import Hummingbird
import Inference
import ModelStore
import RunnerProtocol

/// `POST …/audio/transcriptions` and `POST …/audio/translations`: speech, written down as it is or in English.
struct AudioController: Sendable {
    let models: any ModelDirectory
    let service: any TranscriptionService
    let intake: SoundIntake

    var endpoints: [Endpoint] {
        [
            Endpoint(.post, "audio/transcriptions", streamsBody: true) { request, context in
                try await transcribe(request, context)
            },
            Endpoint(.post, "audio/translations", streamsBody: true) { request, context in
                try await translate(request, context)
            },
        ]
    }

    private func transcribe(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try CreateTranscriptionRequest(
            try await form(CreateTranscriptionRequest.fields(file: intake.file), request, context))
        let (run, file) = try await run(wire.speech, context)
        if wire.stream { return try await run.stream(wire.request, file) }
        return try Response(try await run.gather(wire.request, file), as: wire.speech.format, context.dialect)
    }

    private func translate(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try CreateTranslationRequest(
            try await form(SpeechFields.fields(file: intake.file), request, context))
        let (run, file) = try await run(wire.speech, context)
        return try Response(try await run.gather(wire.request, file), as: wire.speech.format, context.dialect)
    }

    /// The promised interface has no other fields than those of the endpoint; OpenAI's own passes them over.
    private func form(_ fields: [FormField], _ request: Request, _ context: APIContext) async throws -> Form {
        // Files go to disk, which the loop must not wait for.
        try await offLoop { [body = intake.body] in
            try await request.form(fields, within: body, refusesOthers: context.dialect == .contract)
        }
    }

    /// - Throws: ``InferenceError`` where there is no such model, and ``ValidationFailure`` where the file can be no sound.
    private func run(
        _ speech: SpeechFields, _ context: APIContext
    ) async throws -> (TranscriptionRun, UploadedFile) {
        let model = try models.find(speech.model, for: .transcription, context)
        guard let file = speech.file else { throw APIError.unexpected }
        try SoundCheck.check(file.head, field: "file")
        await service.keep(model, for: speech.keepAlive)
        return (TranscriptionRun(service: service, model: model, context: context), file)
    }
}
