import HTTPTypes
import Hummingbird

/// Lets only its own and configured web pages call, and tells browsers so (the Fetch standard's CORS protocol).
struct OriginMiddleware: RouterMiddleware {
    let allowed: AllowedAuthorities

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        // Programs send no origin; only pages in browsers do.
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        guard allowed.allows(origin: origin, host: request.head.authority ?? "") else {
            return Response(APIError.unknownOrigin, context: context)
        }
        var response: Response
        if request.method == .options, let method = request.headers[.accessControlRequestMethod] {
            response = Response(status: .noContent)
            response.headers[.accessControlAllowMethods] = method
            response.headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders]
            response.headers[.accessControlMaxAge] = "600"
        } else {
            response = try await next(request, context)
            response.headers[.accessControlExposeHeaders] = HTTPField.Name.requestID.canonicalName
        }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "origin"
        return response
    }
}
