import AsyncHTTPClient
import Inference
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A runner gave no reply at all: nothing of the request was done that a client could have seen.
public struct RunnerUnreachable: Error, Sendable {
    /// What a client is told where trying again does not help.
    public var error: InferenceError { RunnerConnection.lost }
}

/// Requests over a runner's socket.
struct RunnerConnection: Sendable {
    /// The connection broke: the runner's process has ended, or is about to.
    static let lost = InferenceError(
        .unavailable, "The model's process ended before the answer was complete; the next request starts it again.",
        retryAfterSeconds: 1)

    /// The runner sent something that is no reply of the protocol: a fault of this software.
    static let unreadable = InferenceError(
        .internal, "The model's process sent a reply that the server cannot read. This is a fault of dpais.")

    /// The largest reply that is collected whole: the file of a large picture.
    private static let replyLimit = 2 << 30

    private let base: String
    private let httpClient: HTTPClient
    /// In which a question that needs no computation must be answered. A process that takes longer hangs, or its machine
    /// is so busy that the answer would come too late.
    private let controlTimeout: TimeAmount

    init(socketPath: String, httpClient: HTTPClient, controlTimeout: Duration) {
        base = URL(httpURLWithSocketPath: socketPath)?.absoluteString ?? ""
        self.httpClient = httpClient
        self.controlTimeout = TimeAmount(controlTimeout)
    }

    /// Asks what needs no computation, and drops the reply.
    ///
    /// - Throws: ``RunnerUnreachable`` where the runner gave no reply within `controlTimeout`.
    func tell(_ route: String, _ body: ByteBuffer) async throws {
        let reply = try await open(.PUT, route, body, deadline: .now() + controlTimeout)
        for try await _ in reply {}
    }

    /// The same, telling apart a runner that gave no reply at all.
    ///
    /// - Throws: ``RunnerUnreachable`` where it gave none.
    func open(
        _ method: HTTPMethod, _ route: String, _ body: ByteBuffer? = nil, contentType: String? = nil,
        traceparent: String? = nil, deadline: NIODeadline = .distantFuture
    ) async throws -> HTTPClientResponse.Body {
        var request = HTTPClientRequest(url: base + route.dropFirst())
        request.method = method
        if let body { request.body = .bytes(body) }
        if let contentType { request.headers.add(name: "content-type", value: contentType) }
        if let traceparent { request.headers.add(name: "traceparent", value: traceparent) }
        let response: HTTPClientResponse
        do {
            response = try await httpClient.execute(request, deadline: deadline)
        } catch let error as CancellationError {
            throw error
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw RunnerUnreachable()
        }
        guard response.status.code < 400 else {
            throw try await error(in: response)
        }
        return response.body
    }

    /// The whole body of a reply that is no error.
    ///
    /// - Throws: ``RunnerUnreachable`` where the runner gave no reply at all.
    func collect(
        _ method: HTTPMethod, _ route: String, _ body: ByteBuffer? = nil, contentType: String? = nil,
        traceparent: String? = nil, deadline: NIODeadline = .distantFuture
    ) async throws -> ByteBuffer {
        let reply = try await open(
            method, route, body, contentType: contentType, traceparent: traceparent, deadline: deadline)
        do {
            return try await reply.collect(upTo: Self.replyLimit)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw Self.lost
        }
    }

    /// Asks what needs no computation.
    ///
    /// - Throws: ``RunnerUnreachable`` where the runner gave no reply within `controlTimeout`.
    func get<Value: Decodable>(_ route: String) async throws -> Value {
        let reply = try await collect(.GET, route, deadline: .now() + controlTimeout)
        do {
            return try JSONDecoder().decode(Value.self, from: Data(reply.readableBytesView))
        } catch {
            throw Self.unreadable
        }
    }

    private func error(in response: HTTPClientResponse) async throws -> InferenceError {
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: 1 << 20)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            return Self.lost
        }
        if let error = try? JSONDecoder().decode(InferenceError.self, from: Data(body.readableBytesView)) {
            return error
        }
        // An engine serves only the routes of what it can do.
        guard response.status == .notFound else { return Self.unreadable }
        return InferenceError(
            .invalidRequest, "This model cannot do what was asked of it. Name one that can.", parameter: "model")
    }
}
