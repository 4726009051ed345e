import HTTPTypes
import Hummingbird

/// One method of one path; the path relative to a base until ``Swift/Array/under(_:)`` has put it there.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    let method: HTTPRequest.Method
    let path: String
    /// Whether the handler takes the body in as it arrives; else it is given it whole.
    let streamsBody: Bool
    let handler: Handler

    init(
        _ method: HTTPRequest.Method, _ path: String, streamsBody: Bool = false, _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.streamsBody = streamsBody
        self.handler = handler
    }
}

extension [Endpoint] {
    /// The same endpoints below a base.
    func under(_ base: String) -> [Endpoint] {
        map {
            Endpoint(
                $0.method, base.isEmpty ? $0.path : "\(base)/\($0.path)", streamsBody: $0.streamsBody, $0.handler)
        }
    }
}
