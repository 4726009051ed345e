import Inference
import RunnerProtocol
import Runners
import TestSupport
import Testing

@Suite("RunnerPool when runners fail or die", .hangGuard)
struct RunnerDeathTests {
    @Test("A runner that cannot load fails all who wait, and the next request tries again")
    func failedLoadReachesAllWaiters() async throws {
        let gate = Gate()
        let failure = InferenceError(.unavailable, "The file is damaged.", parameter: "model")
        let launcher = FakeLauncher([.announceFailureAfter(gate, failure)])
        try await withPool(launcher) { pool, _ in
            let waiting = (0..<5).map { _ in Task { try await pool.generate(.chat(question()), with: model()) } }
            try await pool.holds(5, of: "tiny")
            gate.open()
            for task in waiting {
                await #expect(throws: failure) { _ = try await task.value }
            }
            let answer = try await pool.answer()
            #expect(answer == "word")
        }
        #expect(launcher.startCount == 2)
    }

    @Test("A runner that ends without a word is unavailable, and the next request tries again")
    func silentEndIsUnavailable() async throws {
        let launcher = FakeLauncher([.die])
        try await withPool(launcher) { pool, _ in
            let error = await #expect(throws: InferenceError.self) { _ = try await pool.answer() }
            #expect(error?.kind == .unavailable)
            #expect(error?.retryAfterSeconds != nil)
            let answer = try await pool.answer()
            #expect(answer == "word")
        }
        #expect(launcher.startCount == 2)
    }

    @Test("After three quick deaths a model is left alone for a while, and says how long")
    func threeQuickDeathsPause() async throws {
        let launcher = FakeLauncher([.die, .die, .die])
        try await withPool(launcher) { pool, _ in
            for _ in 0..<3 {
                await #expect(throws: InferenceError.self) { _ = try await pool.answer() }
            }
            let error = await #expect(throws: InferenceError.self) { _ = try await pool.answer() }
            #expect(error?.kind == .unavailable)
            #expect((1...15).contains(error?.retryAfterSeconds ?? 0))
            let answer = try await pool.answer(model("other"))
            #expect(answer == "word", "other models are not concerned")
        }
        #expect(launcher.startCount == 4)
    }

    @Test("A death in the middle of an answer is an error after its text, and the next request starts it again")
    func deathInTheMiddle() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            var starts = launcher.starts.makeAsyncIterator()
            let chat = try await pool.generate(.chat(question("wait")), with: model())
            let start = try #require(await starts.next())
            var iterator = chat.events.makeAsyncIterator()
            #expect(try await iterator.next() == [.text("word")])
            start.die()
            let error = await #expect(throws: InferenceError.self) {
                while try await iterator.next() != nil {}
            }
            #expect(error?.kind == .unavailable)
            try await pool.forgets("tiny")
            let answer = try await pool.answer()
            #expect(answer == "word")
        }
        #expect(launcher.startCount == 2)
    }
}
