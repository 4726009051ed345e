import HTTPTypes
import Hummingbird

/// Answers only to names that are this machine's own, so that a web page cannot reach the server by a name that its
/// author controls (DNS rebinding).
struct HostMiddleware: RouterMiddleware {
    let allowed: AllowedAuthorities

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, !authority.isEmpty else {
            return Response(APIError.missingHost, context: context)
        }
        guard allowed.allows(host: authority) else { return Response(APIError.unknownHost, context: context) }
        return try await next(request, context)
    }
}
