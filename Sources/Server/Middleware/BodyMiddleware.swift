import HTTPTypes
import Hummingbird
import NIOCore

/// Gathers each request's body within its limits of size and time, but for endpoints that take theirs in as it arrives.
struct BodyMiddleware: RouterMiddleware {
    let intake: BodyIntake
    let streamed: ServedPaths

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let length = request.headers[.contentLength].flatMap { Int($0) }
        guard length != nil || request.headers[.transferEncoding] != nil else {
            return try await next(request, context)
        }
        if streamed.methods(of: request.uri.path)?.contains(request.method) == true {
            return try await next(request, context)
        }
        if let length { try intake.check(length: length) }
        var request = request
        let gathered = try await intake.gather(request.body, into: ByteBuffer()) { body, piece in
            body.writeImmutableBuffer(piece)
        }
        request.body = RequestBody(buffer: gathered)
        return try await next(request, context)
    }
}
