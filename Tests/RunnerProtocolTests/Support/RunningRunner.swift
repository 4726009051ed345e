import AsyncHTTPClient
import Inference
import Logging
import NIOPosix
import RunnerProtocol
import TestSupport

/// Serves an engine on a Unix socket for the length of a test.
func withRunner<Value: Sendable>(
    _ engine: some Engine, _ body: @escaping @Sendable (RunnerClient) async throws -> Value
) async throws -> Value {
    try await withSocket { socket, httpClient in
        let (listening, post) = AsyncStream.makeStream(of: Void.self)
        let service = RunnerService(engine, socketPath: socket, logger: .silent) { post.yield() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { post.finish() }
                try await service.run()
            }
            guard await listening.first(where: { true }) != nil else {
                try await group.waitForAll()
                throw RunnerDidNotListen()
            }
            let result: Result<Value, any Error>
            do {
                result = .success(
                    try await body(RunnerClient(engine.description, socketPath: socket, httpClient: httpClient)))
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            // That the service was cancelled is no news.
            while await group.nextResult() != nil {}
            return try result.get()
        }
    }
}

/// A path for a socket in a folder of its own, and a client.
func withSocket<Value: Sendable>(
    _ body: (_ path: String, HTTPClient) async throws -> Value
) async throws -> Value {
    let folder = try TemporaryFolder()
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.retryConnectionEstablishment = false
    let httpClient = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    do {
        let value = try await body(folder.path + "/s", httpClient)
        try await httpClient.shutdown()
        return value
    } catch {
        try? await httpClient.shutdown()
        throw error
    }
}

struct RunnerDidNotListen: Error {}

extension AsyncSequence {
    /// All elements.
    func gathered() async throws -> [Element] {
        var elements: [Element] = []
        for try await element in self { elements.append(element) }
        return elements
    }
}
