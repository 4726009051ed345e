import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// The outermost: gives each request its trace and its dialect, and each reply its `x-request-id`.
struct TraceMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.trace = TraceContext(accepting: request.headers[.traceparent])
        context.dialect = Dialect(path: request.uri.path)
        // Hummingbird's own request id would be a second name for the same thing.
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "trace"] = .string(context.trace.traceparent)
        var response = try await next(request, context)
        response.headers[.requestID] = context.trace.traceparent
        if Task.isShuttingDownGracefully { response.headers[.connection] = "close" }
        return response
    }
}

extension HTTPField.Name {
    /// W3C Trace Context.
    static let traceparent = Self.known("traceparent")
    static let requestID = Self.known("x-request-id")

    /// A name that is known to be one.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a name of a field") }
        return name
    }
}
