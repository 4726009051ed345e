import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns whatever is thrown into a reply.
struct ErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return Response(APIError.notFound, context: context)
        } catch {
            let described = APIError(describing: error, dialect: context.dialect)
            if described == .unexpected {
                context.logger.error(
                    "unexpected error", metadata: ["type": "\(type(of: error))", "error": "\(error)"])
            }
            return Response(described, context: context)
        }
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
