import Foundation
import HTTPTypes
import Inference
import Runners
import Server
import Synchronization
import TestSupport
import Testing

@Suite("Measurements at once", .hangGuard)
struct MeasurementLineTests {
    /// Enlarges when it is told to, and counts how many wait for that.
    private final class Gate: Sendable {
        let (entries, entered) = AsyncStream.makeStream(of: Void.self)
        private let (permits, permit) = AsyncStream.makeStream(of: Void.self)
        private let inside = Mutex((now: 0, most: 0))

        var most: Int { inside.withLock { $0.most } }

        @inline(never)
        func enter() {
            inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            entered.yield()
        }

        @inline(never)
        func leave() { inside.withLock { $0.now -= 1 } }

        func pass() async throws {
            enter()
            defer { leave() }
            for await _ in permits { break }
            try Task.checkCancellation()
        }

        func open() { permit.finish() }
    }

    private func pictures(_ gate: Gate) -> FakeRunners {
        FakeRunners(
            pictures: FakeUpscaling { _ in
                try await gate.pass()
                return UpscaledPicture(png: [1], width: 8, height: 8)
            })
    }

    @Test("go one after another; those that find too many waiting are told to come again")
    func oneAtATime() async throws {
        let gate = Gate()
        let surface = try await Surface(pictures(gate))
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    let body = #"{"model": "enlarger", "trials": 1}"#
                    let reply = try await surface.call(.post, "/v1/performance", body: body)
                    if reply.status == 429 {
                        #expect(reply.headers[.retryAfter] != nil)
                        gate.entered.yield()
                    }
                    return reply.status
                }
            }
            // One is at work, eight wait, and three have been refused.
            var seen = 0
            for await _ in gate.entries {
                seen += 1
                if seen == 4 { break }
            }
            gate.open()
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [200: 9, 429: 3])
        #expect(gate.most == 1)
    }

    @Test("end when their client leaves, and the next one goes on")
    func departure() async throws {
        let gate = Gate()
        let runners = pictures(gate)
        try await withServer(runners) { port, _ in
            try await RawConnection.open(port: port) { connection in
                try await connection.post("/v1/performance", #"{"model": "enlarger"}"#)
                for await _ in gate.entries { break }
            }
            try await RawConnection.open(port: port) { connection in
                try await connection.post("/v1/performance", #"{"model": "enlarger", "trials": 1}"#)
                // It has its turn only once the first one has ended, whose model would never have.
                for await _ in gate.entries { break }
                gate.open()
                #expect(try await connection.read(upTo: "\"trials\":1}") != nil)
            }
        }
    }
}
