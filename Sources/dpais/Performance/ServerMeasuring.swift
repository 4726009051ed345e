import AsyncHTTPClient
import Inference
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import Performance
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A server that is running already.
///
/// Its reply comes when all is done. How far it is, it says otherwise: the model's process is a new one, and counts the
/// requests that it has answered.
struct ServerMeasuring: Sendable {
    private let base: String
    private let model: String
    private let httpClient: HTTPClient

    /// Runs `body` with a client of the server at an address such as `http://127.0.0.1:8553`.
    static func connected<Result>(
        to base: String, model: String, _ body: (ServerMeasuring) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        let httpClient = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(ServerMeasuring(base: base, model: model, httpClient: httpClient))
            try await httpClient.shutdown()
            return result
        } catch {
            try? await httpClient.shutdown()
            throw error
        }
    }

    func measure(
        trials: Int, progress: @escaping @Sendable (PerformanceMeasurement.Progress) -> Void
    ) async throws -> PerformanceReport {
        progress(.loading)
        return try await withThrowingTaskGroup(of: PerformanceReport?.self) { group in
            group.addTask { try await ask(trials: trials) }
            group.addTask {
                await watch(trials: trials, progress: progress)
                return nil
            }
            defer { group.cancelAll() }
            while let report = try await group.next() {
                if let report { return report }
            }
            throw CancellationError()
        }
    }

    private struct Body: Encodable {
        var model: String
        var trials: Int
    }

    private func ask(trials: Int) async throws -> PerformanceReport {
        var request = HTTPClientRequest(url: base + "/v1/performance")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(Body(model: model, trials: trials))))
        let response = try await httpClient.execute(request, deadline: .distantFuture)
        let body = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        guard response.status == .ok else {
            let fault = try? JSONDecoder().decode(Fault.self, from: body)
            throw InferenceError(.internal, fault?.error.message ?? "The server's reply was not understood.")
        }
        return try JSONDecoder().decode(PerformanceReport.self, from: body)
    }

    /// Tells how far the server seems to be, once a second, until it is cancelled.
    private func watch(
        trials: Int, progress: @Sendable (PerformanceMeasurement.Progress) -> Void
    ) async {
        var seenLoading = false
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            let runner = try? await statistics().runners.first { $0.model == model }
            guard let runner, runner.state == .ready, let statistics = runner.statistics else {
                seenLoading = true
                continue
            }
            // By a model that embeds pictures too, a trial is two requests; the count is of use even so.
            let answered = statistics.completedRequests
            guard seenLoading || answered <= trials else { continue }
            seenLoading = true
            progress(answered == 0 ? .warmingUp : .measuring(min(answered - 1, trials)))
        }
    }

    private func statistics() async throws -> Statistics {
        let response = try await httpClient.execute(HTTPClientRequest(url: base + "/v1/stats"), timeout: .seconds(5))
        let body = try await response.body.collect(upTo: 1 << 20)
        return try JSONDecoder().decode(Statistics.self, from: Data(body.readableBytesView))
    }

    /// What of the server's counts is of use here, whatever else it tells.
    private struct Statistics: Decodable {
        struct Runner: Decodable {
            struct Counts: Decodable {
                var completedRequests: Int
            }

            enum State: String, Decodable {
                case ready
                case other

                init(from decoder: any Decoder) throws {
                    let text = try decoder.singleValueContainer().decode(String.self)
                    self = text == "ready" || text == "busy" ? .ready : .other
                }
            }

            var model: String
            var state: State
            var statistics: Counts?
        }

        var runners: [Runner]
    }

    private struct Fault: Decodable {
        struct Body: Decodable {
            var message: String
        }

        var error: Body
    }
}
