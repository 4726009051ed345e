import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns whatever is thrown into a reply.
struct ErrorMiddleware: RouterMiddleware {
    let paths: ServedPaths

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let response = Response(describe(error, request, context), context: context)
            // The reply to a HEAD has no body (RFC 9110, section 9.3.2).
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func describe(_ error: any Error, _ request: Request, _ context: APIContext) -> APIError {
        if let error = error as? HTTPError, error.status == .notFound {
            return paths.methods(of: request.uri.path).map { .methodNotAllowed($0.map(\.rawValue)) } ?? .notFound
        }
        let described = APIError(describing: error, dialect: context.dialect)
        if described == .unexpected {
            context.logger.error("unexpected error", metadata: ["type": "\(type(of: error))", "error": "\(error)"])
        }
        return described
    }
}

extension Response {
    /// The reply that tells of an error.
    init(_ error: APIError, context: APIContext) {
        let body = ErrorBody(error: error, dialect: context.dialect, trace: context.trace)
        var headers: HTTPFields = [.contentType: "application/json"]
        if let seconds = error.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        if !error.allowedMethods.isEmpty { headers[.allow] = error.allowedMethods.joined(separator: ", ") }
        if error.closesConnection {
            headers[.connection] = "close"
            context.channel.closeAfterLingering()
        }
        context.record.note { $0.errorCode = error.code }
        self.init(
            status: HTTPResponse.Status(code: error.status), headers: headers,
            body: ResponseBody(byteBuffer: body.bytes))
    }
}
