import Inference
import RunnerProtocol
import Runners
import ServiceLifecycle
import TestSupport
import Testing

@Suite("RunnerPool", .hangGuard)
struct RunnerPoolTests {
    @Test("Twenty requests at once for a cold model start it once")
    func coldModelStartsOnce() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await pool.answer() } }
                for try await answer in group { #expect(answer == "word") }
            }
            let answer = try await pool.answer()
            #expect(answer == "word")
        }
        #expect(launcher.startCount == 1)
    }

    @Test("A runner is told what to load, and how")
    func runnerIsToldWhatToLoad() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher, cores: 6) { pool, _ in
            _ = try await pool.answer()
            var starts = launcher.starts.makeAsyncIterator()
            let launch = try #require(await starts.next()).launch
            #expect(launch.modelPath == "/models/tiny/a.gguf")
            #expect(launch.modelDigest == "aa+bb")
            #expect((launch.threads, launch.maximumThreads) == (6, 6))
            #expect((launch.contextLength, launch.parallelRequests, launch.queueLimit) == (77, 3, 5))
            #expect(launch.cacheBudgetBytes == 999)
            #expect((launch.device, launch.precision, launch.compiledModelFolder) == ("npu", "f32", "/compiled"))
            #expect((launch.capability, launch.shortensVectors) == (.chat, false))
        }
    }

    @Test("A runner is told what its model is for, and whether its vectors may be shortened")
    func runnerIsToldItsPurpose() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            let model = model("vectors", for: .embeddings, shortensVectors: true)
            _ = try await pool.embed(EmbeddingRequest(inputs: [.text("a")]), with: model)
            var starts = launcher.starts.makeAsyncIterator()
            let launch = try #require(await starts.next()).launch
            #expect((launch.capability, launch.shortensVectors) == (.embeddings, true))
        }
    }

    @Test("Each model has a process of its own")
    func eachModelHasItsProcess() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            _ = try await pool.answer(model("a"))
            _ = try await pool.answer(model("b"))
            let statuses = await pool.statistics()
            #expect(statuses.map(\.model) == ["a", "b"])
            #expect(statuses.allSatisfy { $0.state == .ready && $0.statistics != nil && $0.engine != nil })
        }
        #expect(launcher.startCount == 2)
    }

    @Test("A model that is on its way is loading, with those that wait for it")
    func coldModelIsLoading() async throws {
        let gate = Gate()
        let launcher = FakeLauncher([.serveAfter(gate)])
        try await withPool(launcher) { pool, _ in
            async let answered = pool.answer()
            try await pool.holds(1, of: "tiny")
            #expect(await pool.statistics().map(\.state) == [.loading])
            gate.open()
            let answer = try await answered
            #expect(answer == "word")
        }
    }

    @Test("A graceful shutdown stops all runners and refuses new requests")
    func shutdownStopsRunners() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, services in
            _ = try await pool.answer(model("a"))
            _ = try await pool.answer(model("b"))
            #expect(launcher.endCount == 0)
            await services.triggerGracefulShutdown()
            try await pool.forgets("a")
            try await pool.forgets("b")
            let error = await #expect(throws: InferenceError.self) { _ = try await pool.answer(model("c")) }
            #expect(error?.kind == .unavailable)
        }
        #expect(launcher.endCount == 2)
        #expect(launcher.startCount == 2)
    }

    @Test("Who stops waiting leaves the startup to the others")
    func cancelledWaiterLeavesTheStartup() async throws {
        let gate = Gate()
        let launcher = FakeLauncher([.serveAfter(gate)])
        try await withPool(launcher) { pool, _ in
            let leaving = Task { try await pool.answer() }
            var starts = launcher.starts.makeAsyncIterator()
            _ = await starts.next()
            let staying = Task { try await pool.answer() }
            try await pool.holds(2, of: "tiny")
            leaving.cancel()
            await #expect(throws: CancellationError.self) { try await leaving.value }
            gate.open()
            let answer = try await staying.value
            #expect(answer == "word")
        }
        #expect(launcher.startCount == 1)
    }
}
