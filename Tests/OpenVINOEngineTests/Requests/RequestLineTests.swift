import Inference
import Testing

@Suite struct RequestLineTests {
    private let line = RequestLine(parallel: 1, limit: 2, work: "toys are being made")

    @Test func `the next one's turn comes when a place is given back`() async throws {
        let first = try line.enter()
        try await first.wait()
        let second = try line.enter()
        #expect((line.statistics.running, line.statistics.queued) == (1, 1))
        async let turn: Void = second.wait()
        first.leave(.completed)
        try await turn
        #expect((line.statistics.running, line.statistics.queued) == (1, 0))
    }

    @Test func `requests beyond the limit are refused`() throws {
        let places = [try line.enter(), try line.enter()]
        let error = #expect(throws: InferenceError.self) { _ = try line.enter() }
        #expect(error?.kind == .overloaded)
        #expect(error?.message == "2 toys are being made or waiting already; try again later.")
        withExtendedLifetime(places) {}
    }

    @Test func `a place that is let go of counts as cancelled`() throws {
        _ = try line.enter()
        #expect(line.statistics.cancelledRequests == 1)
        #expect(line.statistics.running == 0)
    }

    @Test func `only the first outcome counts`() throws {
        let place = try line.enter()
        place.leave(.failed)
        place.leave(.completed)
        #expect((line.statistics.failedRequests, line.statistics.completedRequests) == (1, 0))
    }

    @Test func `who waits may be cancelled`() async throws {
        let first = try line.enter()
        let second = try line.enter()
        let waiting = Task { try await second.wait() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        withExtendedLifetime(first) {}
    }

    @Test func `after the end those that wait and those that step fail`() async throws {
        let (first, second) = (try line.enter(), try line.enter())
        try await first.wait()
        line.stop()
        #expect(throws: InferenceError.self) { try first.countStep() }
        await #expect(throws: InferenceError.self) { try await second.wait() }
        #expect(throws: InferenceError.self) { _ = try line.enter() }
        first.leave(.failed)
        second.leave(.failed)
        await line.drain()
        #expect(line.statistics.failedRequests == 2)
    }
}
