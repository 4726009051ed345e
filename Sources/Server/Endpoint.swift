import HTTPTypes
import Hummingbird

/// One method of one path, relative to its base.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    let method: HTTPRequest.Method
    let path: String
    let handler: Handler

    init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }
}

extension Router<APIContext> {
    private static var methods: [HTTPRequest.Method] { [.get, .head, .post, .put, .patch, .delete, .options] }

    /// Adds the endpoints under a base, and answers the methods that their paths do not have with 405.
    func add(_ endpoints: [Endpoint], under base: String) {
        for (path, endpoints) in Dictionary(grouping: endpoints, by: \.path) {
            var served = endpoints.map(\.method)
            for endpoint in endpoints {
                on("\(base)/\(path)", method: endpoint.method, use: endpoint.handler)
            }
            // The router makes HEAD out of GET.
            if served.contains(.get) { served.append(.head) }
            let allowed = served.map(\.rawValue)
            for method in Self.methods where !served.contains(method) {
                on("\(base)/\(path)", method: method) { _, _ -> Response in throw APIError.methodNotAllowed(allowed) }
            }
        }
    }
}
