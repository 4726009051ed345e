import HTTPTypes
import Hummingbird

extension Request {
    /// The body as a form, taken in as it arrives.
    ///
    /// - Parameters:
    ///   - fields: those that are wanted.
    ///   - intake: the limits of the whole body.
    /// - Throws: ``APIError`` where it is no form, is too large or too slow; what is wrong with its fields, the form says.
    func form(_ fields: [FormField], within intake: BodyIntake) async throws -> Form {
        let boundary = try MultipartBoundary(contentType: headers[.contentType])
        return try await intake.gather(body, into: FormIntake(fields, boundary: boundary)) { form, piece in
            try form.take(piece)
        }.finish()
    }
}
