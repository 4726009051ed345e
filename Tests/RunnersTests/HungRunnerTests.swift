import Inference
import Runners
import TestSupport
import Testing

@Suite("RunnerPool beside a runner that does not answer", .hangGuard)
struct HungRunnerTests {
    @Test("Another model is loaded and answers while one runner takes no number of threads")
    func othersGoOn() async throws {
        let gate = Gate()
        let launcher = FakeLauncher([.serveSilently(gate)])
        try await withPool(launcher, cores: 4) { pool, _ in
            let first = try await pool.generate(.chat(question("wait")), with: model("hung"))
            // The cores are shared from here on, of which the first runner is told.
            let second = try await pool.generate(.chat(question("wait")), with: model("b"))
            let answer = try await pool.answer(model("c"))
            #expect(answer == "word")
            #expect(await pool.unload("c"))
            withExtendedLifetime((first, second)) {}
            gate.open()
        }
    }

    @Test("The counts of other models are told without those of a runner that does not answer")
    func statisticsAreTold() async throws {
        let gate = Gate()
        let launcher = FakeLauncher([.serveSilently(gate)])
        try await withPool(launcher, controlTimeout: .milliseconds(100)) { pool, _ in
            _ = try await pool.load(model("hung"))
            let statuses = await pool.statistics()
            #expect(statuses.map(\.model) == ["hung"] && statuses.first?.statistics == nil)
            gate.open()
        }
    }

    @Test("The device is the one that the engine tells")
    func device() async throws {
        try await withPool(FakeLauncher()) { pool, _ in
            let loaded = try await pool.load(model())
            #expect(loaded.device == "gpu")
            #expect(await pool.loaded().map(\.device) == ["gpu"])
        }
    }
}
