import Inference
import RunnerProtocol
import Runners
import TestSupport
import Testing

@Suite("RunnerPool deals cores", .hangGuard)
struct CoreSharingTests {
    @Test("Two models at work have a share each; alone again, one has all")
    func coresAreShared() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher, cores: 5) { pool, _ in
            var starts = launcher.starts.makeAsyncIterator()
            let first = try await pool.generate(.chat(question("wait")), with: model("a"))
            let a = try #require(await starts.next()).engine
            var ofA = a.threads.makeAsyncIterator()
            #expect(await a.statistics().threads == 5)

            let second = Task {
                for try await _ in try await pool.generate(.chat(question("wait")), with: model("b")).events {}
            }
            let b = try #require(await starts.next()).engine
            var ofB = b.threads.makeAsyncIterator()
            #expect(await ofA.next() == 3)
            #expect(await ofB.next() == 2)

            second.cancel()
            #expect(await ofA.next() == 5)
            _ = await second.result
            withExtendedLifetime(first) {}
        }
    }

    @Test("A request counts as work until its answer has ended or was given up")
    func requestsAreCounted() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            let reader = Task {
                for try await _ in try await pool.generate(.chat(question("wait")), with: model()).events {}
            }
            try await pool.holds(1, of: "tiny")
            reader.cancel()
            try await pool.holds(0, of: "tiny")
            let answer = try await pool.answer()
            #expect(answer == "word")
            try await pool.holds(0, of: "tiny")
        }
    }
}
