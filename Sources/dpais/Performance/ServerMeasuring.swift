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
    let client: APIClient
    /// The model's id.
    let model: String

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
        let body = ByteBuffer(bytes: try JSONEncoder().encode(Body(model: model, trials: trials)))
        let reply: (status: HTTPResponseStatus, body: Data)
        do {
            reply = try await client.reply(.POST, "/v1/performance", body: body)
        } catch is HTTPClientError {
            throw InferenceError(
                .unavailable, "The server at \(client.base) went away before it had measured. Its log says why.")
        }
        guard reply.status == .ok else { throw try APIClient.error(in: reply.body) }
        return try JSONDecoder().decode(PerformanceReport.self, from: reply.body)
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
        try JSONDecoder().decode(Statistics.self, from: await client.reply(.GET, "/v1/stats").body)
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
}
