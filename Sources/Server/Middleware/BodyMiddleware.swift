import HTTPTypes
import Hummingbird
import NIOCore

/// Gathers each request's body within its limits of size and time, while it arrives.
struct BodyMiddleware: RouterMiddleware {
    /// In bytes.
    let limit: Int
    let timeout: Duration

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let length = request.headers[.contentLength].flatMap { Int($0) }
        guard length != nil || request.headers[.transferEncoding] != nil else {
            return try await next(request, context)
        }
        if let length, length > limit { throw APIError.bodyTooLarge(limit: limit) }
        var request = request
        request.body = RequestBody(buffer: try await collect(request.body))
        return try await next(request, context)
    }

    private func collect(_ body: RequestBody) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await read(body) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw APIError.bodyTooSlow(limit: timeout)
            }
            guard let buffer = try await group.next() else { throw CancellationError() }
            return buffer
        }
    }

    private func read(_ body: RequestBody) async throws -> ByteBuffer {
        var gathered = ByteBuffer()
        do {
            for try await var chunk in body {
                guard gathered.readableBytes + chunk.readableBytes <= limit else {
                    throw APIError.bodyTooLarge(limit: limit)
                }
                gathered.writeBuffer(&chunk)
            }
        } catch let error as APIError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            // The transport's errors: the client broke off, or its framing is not HTTP's.
            throw APIError.bodyUnreadable
        }
        return gathered
    }
}
