import HTTPTypes
import Hummingbird

extension Request {
    /// The body as a form, taken in as it arrives.
    ///
    /// - Parameters:
    ///   - fields: those that are wanted.
    ///   - intake: the limits of the whole body.
    ///   - refusesOthers: whether other fields are faults, or are passed over.
    /// - Throws: ``APIError`` where it is no form, is too large or too slow; what is wrong with its fields, the form says.
    func form(
        _ fields: [FormField], within intake: BodyIntake, refusesOthers: Bool = false
    ) async throws -> Form {
        let boundary = try MultipartBoundary(contentType: headers[.contentType])
        if let length = headers[.contentLength].flatMap({ Int($0) }) { try intake.check(length: length) }
        let form = FormIntake(fields, boundary: boundary, refusesOthers: refusesOthers)
        return try await intake.gather(body, into: form) { form, piece in try form.take(piece) }.finish()
    }
}
