import Inference
import Machine
import ModelStore
import RunnerProtocol
import Runners
import TestSupport
import Testing

@Suite("RunnerPool keeps memory", .hangGuard)
struct RunnerMemoryTests {
    /// Nobody is told that waiting takes too long, on however slow a machine.
    private static let two = RunnerPool.Memory(maximumLoaded: 2, waitLimit: .seconds(3_600))
    private static let one = RunnerPool.Memory(maximumLoaded: 1, waitLimit: .seconds(3_600))

    @Test("Three models in room for two: the least recently used goes, and has gone before the next starts")
    func threeInRoomForTwo() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher, memory: Self.two) { pool, _ in
            for id in ["a", "b", "a", "c", "a"] {
                let answer = try await pool.answer(model(id))
                #expect(answer == "word")
            }
            #expect(await pool.loaded().map(\.id) == ["a", "c"])
        }
        #expect(launcher.startedModels == ["a", "b", "c"])
        #expect(launcher.mostAtOnce == 2)
    }

    @Test("Memory is what is measured, and a model that does not fit is refused with the figures")
    func budget() async throws {
        let launcher = FakeLauncher()
        let meter = FakeMeter(["a": 300 << 20, "b": 100 << 20])
        // What is expected of these models is more than what they take.
        let expected = model().memoryBytes
        let budget = expected + (250 << 20)
        try await withPool(launcher, memory: .init(budgetBytes: budget), meter: meter) { pool, _ in
            _ = try await pool.answer(Self.sized("a"))
            _ = try await pool.answer(Self.sized("b"))
            #expect(launcher.mostAtOnce == 1, "a takes too much for what is expected of b")
            #expect(await pool.loaded().map(\.memoryBytes) == [100 << 20])
            let giant = Self.sized("giant", bytes: budget)
            let error = await #expect(throws: InferenceError.self) { _ = try await pool.answer(giant) }
            #expect(error?.kind == .unavailable)
            #expect(error?.retryAfterSeconds == nil)
            #expect(error?.parameter == "model")
            let figure = "the budget is \((budget + (1 << 20) - 1) >> 20) MiB"
            #expect(error?.message.contains(figure) == true)
            let answer = try await pool.answer(Self.sized("b"))
            #expect(answer == "word")
        }
        #expect(launcher.startedModels == ["a", "b"])
    }

    /// A model with a file of its own, of this size.
    private static func sized(_ id: String, bytes: Int = 1) -> InstalledModel {
        var sized = model(id)
        sized.files[0].sha256 = id
        sized.files[0].bytes = bytes
        return sized
    }

    @Test("What the machine has left bounds it where nothing else does")
    func machine() async throws {
        let launcher = FakeLauncher()
        let meter = FakeMeter(machine: MachineMemory(total: 64 << 30, available: 3 << 20))
        try await withPool(launcher, meter: meter) { pool, _ in
            let error = await #expect(throws: InferenceError.self) { try await pool.answer() }
            #expect(error?.retryAfterSeconds != nil, "other programs may end")
        }
        #expect(launcher.startCount == 0)
    }

    @Test("A model stays while it answers, and a request for another waits for the end")
    func busyStays() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher, memory: Self.one) { pool, _ in
            let reader = Task {
                for try await _ in try await pool.generate(.chat(question("wait")), with: model("a")).events {}
            }
            try await pool.holds(1, of: "a")
            try await pool.isReady("a")
            let waiting = Task { try await pool.answer(model("b")) }
            try await pool.holds(1, of: "b")
            #expect(await pool.statistics().map(\.state) == [.ready, .waiting])
            reader.cancel()
            let answer = try await waiting.value
            #expect(answer == "word")
        }
        #expect(launcher.startedModels == ["a", "b"])
        #expect(launcher.mostAtOnce == 1)
    }

    @Test("Who waits for room and leaves takes nothing along")
    func leavesTheLine() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher, memory: Self.one) { pool, _ in
            let chat = try await pool.generate(.chat(question("wait")), with: model("a"))
            let waiting = Task { try await pool.answer(model("b")) }
            try await pool.holds(1, of: "b")
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            try await pool.forgets("b")
            let answer = try await pool.answer(model("a"))
            #expect(answer == "word")
            withExtendedLifetime(chat) {}
        }
        #expect(launcher.startedModels == ["a"])
    }

    @Test("Who waits longer than is allowed is told when to try again")
    func waitsTooLong() async throws {
        let clock = FakeClock()
        try await withPool(FakeLauncher(), memory: .init(maximumLoaded: 1, waitLimit: .seconds(20)), clock: clock) {
            pool, _ in
            let chat = try await pool.generate(.chat(question("wait")), with: model("a"))
            let waiting = Task { try await pool.answer(model("b")) }
            try await pool.holds(1, of: "b")
            clock.advance(by: .seconds(20))
            let error = await #expect(throws: InferenceError.self) { try await waiting.value }
            #expect(error?.kind == .unavailable && error?.retryAfterSeconds == 5)
            withExtendedLifetime(chat) {}
        }
    }

    // MARK: Time

    @Test("A model leaves when its time has passed, by the settings for all and for some")
    func expires() async throws {
        let clock = FakeClock()
        let memory = RunnerPool.Memory(
            keepAlive: .time(.seconds(10)), keepAliveOf: ["b": .time(.seconds(30))], pinned: ["c"])
        try await withPool(FakeLauncher(), memory: memory, clock: clock) { pool, _ in
            for id in ["a", "b", "c"] { _ = try await pool.answer(model(id)) }
            try await pool.areIdle()
            #expect(await pool.loaded().map(\.pinned) == [false, false, true])
            clock.advance(by: .seconds(10))
            try await pool.forgets("a")
            clock.advance(by: .seconds(20))
            try await pool.forgets("b")
            clock.advance(by: .seconds(100_000))
            let answer = try await pool.answer(model("c"))
            #expect(answer == "word")
        }
    }

    @Test("A request's own time wins, and lasts until another is said")
    func requestsTime() async throws {
        let clock = FakeClock()
        try await withPool(FakeLauncher(), clock: clock) { pool, _ in
            await pool.keep(model("a"), for: .forever)
            _ = try await pool.answer(model("a"))
            try await pool.areIdle()
            #expect(await pool.loaded().first?.expiresAt == nil)
            _ = try await pool.answer(model("a"))
            try await pool.areIdle()
            #expect(await pool.loaded().first?.expiresAt == nil)
            await pool.keep(model("a"), for: .time(.zero))
            _ = try await pool.answer(model("a"))
            try await pool.forgets("a")
            _ = try await pool.answer(model("a"))
            try await pool.areIdle()
            #expect(await pool.loaded().first?.expiresAt != nil, "a new life begins with the settings' word")
        }
    }

    // MARK: By name

    @Test("Loading ahead is loading once, and tells what came of it")
    func loads() async throws {
        let launcher = FakeLauncher()
        let meter = FakeMeter(["tiny": 5 << 20])
        try await withPool(launcher, meter: meter) { pool, _ in
            async let first = pool.load(model(), keepAlive: .time(.seconds(9)))
            async let second = pool.load(model())
            let loaded = try await [first, second]
            for one in loaded {
                #expect((one.id, one.state, one.memoryBytes) == ("tiny", .ready, 5 << 20))
                #expect(one.loadTime != nil && one.process != nil && one.engine == "fake 1.0" && one.requests == 0)
            }
            let answer = try await pool.answer()
            #expect(answer == "word")
        }
        #expect(launcher.startCount == 1)
    }

    @Test("What cannot be loaded says why")
    func cannotLoad() async throws {
        let gate = Gate()
        gate.open()
        let failure = InferenceError(.unavailable, "The file is damaged.", parameter: "model")
        try await withPool(FakeLauncher([.announceFailureAfter(gate, failure)])) { pool, _ in
            await #expect(throws: failure) { try await pool.load(model()) }
            #expect(await pool.loaded().isEmpty)
        }
    }

    @Test("Unloading ends the process, once its answers have ended; requests meanwhile load it again")
    func unloads() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher, memory: .init(pinned: ["tiny"])) { pool, _ in
            #expect(await pool.unload("tiny") == false)
            let reader = Task {
                for try await _ in try await pool.generate(.chat(question("wait")), with: model()).events {}
            }
            try await pool.holds(1, of: "tiny")
            try await pool.isReady("tiny")
            let unloading = Task { await pool.unload("tiny") }
            try await eventually("the model is about to leave") {
                await pool.loaded().first?.state == .stopping
            }
            let next = Task { try await pool.answer() }
            try await pool.holds(2, of: "tiny")
            #expect(launcher.endCount == 0)
            reader.cancel()
            #expect(await unloading.value)
            let answer = try await next.value
            #expect(answer == "word")
        }
        #expect(launcher.startCount == 2)
    }

    // MARK: All at once

    @Test(
        "200 random requests over four models in room for two: none fails, none hangs",
        arguments: 1...rounds(short: 3, long: 50))
    func randomRequests(seed: Int) async throws {
        let launcher = FakeLauncher()
        var numbers = SeededNumbers(seed: UInt64(seed))
        let plan = (0..<200).map { _ in
            (
                id: ["a", "b", "c", "d"].randomElement(using: &numbers) ?? "a",
                way: Int.random(in: 0..<10, using: &numbers)
            )
        }
        try await withPool(launcher, memory: Self.two) { pool, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, (id, way)) in plan.enumerated() {
                    // Twelve at a time.
                    if index >= 12 { try await group.next() }
                    group.addTask {
                        let model = model(id)
                        switch way {
                        case 0...3:
                            let answer = try await pool.answer(model)
                            #expect(answer == "word")
                        case 4, 5: _ = try await pool.embed(EmbeddingRequest(inputs: [.text("a")]), with: model)
                        case 6, 7:
                            let leaving = Task {
                                for try await _ in try await pool.generate(.chat(question("wait")), with: model).events
                                {
                                }
                            }
                            for _ in 0..<(index % 40) { await Task.yield() }
                            leaving.cancel()
                            _ = await leaving.result
                        case 8: _ = try await pool.load(model, keepAlive: index % 2 == 0 ? .time(.zero) : .forever)
                        default: _ = await pool.unload(id)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(launcher.mostAtOnce <= 2)
        #expect(launcher.startCount > 4 && launcher.startCount == launcher.endCount)
    }
}
