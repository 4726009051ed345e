import Runners
import TestSupport
import Testing

@Suite("Residency under random requests")
struct RandomResidencyTests {
    /// Does what the residency says, in any order and with any delay, and keeps count of what it promises.
    struct Simulation {
        var residency = Residency()
        var now = Duration.zero
        var numbers: SeededNumbers
        let limits: Residency.Limits
        let sizes: [String: Int]
        var waiting: [String: Int] = [:]
        /// Requests in hand by model and life.
        var held: [(id: String, life: Int)] = []
        var loading: [(id: String, life: Int)] = []
        var leaving: [(id: String, life: Int)] = []
        var running: Set<String> = []
        var asked = 0
        var served = 0
        var gaveUp = 0
        var refused = 0

        init(seed: UInt64, sizes: [String: Int], limits: Residency.Limits) {
            numbers = SeededNumbers(seed: seed)
            self.sizes = sizes
            self.limits = limits
        }

        mutating func step(asking: Bool) {
            now += .milliseconds(Int.random(in: 0...50, using: &numbers))
            switch Int.random(in: 0...7, using: &numbers) {
            case 0...2 where asking:
                guard let id = sizes.keys.sorted().randomElement(using: &numbers) else { return }
                asked += 1
                let need = Residency.Need(id: id, bytes: sizes[id] ?? 0, keepAlive: .time(.milliseconds(200)))
                if let life = residency.enter(id, at: now, need: { need }) {
                    held.append((id, life))
                } else {
                    waiting[id, default: 0] += 1
                }
            case 3:
                guard let id = waiting.keys.sorted().randomElement(using: &numbers), waiting[id] ?? 0 > 0 else { break }
                residency.giveUp(id)
                waiting[id, default: 1] -= 1
                gaveUp += 1
            case 4:
                guard !loading.isEmpty else { break }
                let (id, life) = loading.remove(at: Int.random(in: loading.indices, using: &numbers))
                residency.becameReady(id, life: life, at: now)
                residency.measured(id, life: life, bytes: sizes[id] ?? 0)
            case 5:
                guard !leaving.isEmpty else { break }
                let (id, life) = leaving.remove(at: Int.random(in: leaving.indices, using: &numbers))
                running.remove(id)
                residency.departed(id, life: life)
            default:
                let ready = held.indices.filter { residency.residents[held[$0].id]?.phase == .ready }
                guard let index = ready.randomElement(using: &numbers) else { break }
                let (id, life) = held.remove(at: index)
                residency.release(id, life: life, at: now)
                served += 1
            }
            for action in residency.advance(at: now, within: limits) { perform(action) }
            check()
        }

        private mutating func perform(_ action: Residency.Action) {
            switch action {
            case .start(let id, let life):
                #expect(running.insert(id).inserted, "one process a model")
                loading.append((id, life))
                take(id, life)
            case .join(let id, let life): take(id, life)
            case .stop(let id):
                let life = residency.residents[id]?.life ?? 0
                #expect(!held.contains { $0.id == id && $0.life == life }, "nobody is answered by one that leaves")
                loading.removeAll { $0.id == id }
                leaving.append((id, life))
            case .refuse(let id, _):
                refused += waiting[id] ?? 0
                waiting[id] = nil
            }
        }

        private mutating func take(_ id: String, _ life: Int) {
            for _ in 0..<(waiting[id] ?? 0) { held.append((id, life)) }
            waiting[id] = nil
        }

        private func check() {
            let bytes = running.reduce(0) { $0 + (sizes[$1] ?? 0) }
            #expect(bytes <= limits.bytes ?? .max && running.count <= limits.count ?? .max)
            #expect(residency.arrivals.reduce(0) { $0 + $1.waiting } == waiting.values.reduce(0, +))
        }
    }

    @Test(
        "The budget is kept at every step, and everybody is served or gave up",
        arguments: 1...rounds(short: 6, long: 400))
    func everybodyIsServed(seed: Int) {
        let sizes = ["a": 100, "b": 100, "c": 100, "d": 50]
        var simulation = Simulation(
            seed: UInt64(seed), sizes: sizes,
            limits: .init(bytes: seed % 2 == 0 ? 200 : nil, count: seed % 2 == 0 ? nil : 2, wait: .seconds(3_600)))
        for _ in 0..<2_000 { simulation.step(asking: true) }
        // No deadlock: with no more requests all that are there come to their end.
        var steps = 0
        while simulation.served + simulation.gaveUp < simulation.asked, steps < 100_000 {
            simulation.step(asking: false)
            steps += 1
        }
        #expect(simulation.asked > 200)
        #expect(simulation.refused == 0)
        #expect(simulation.served + simulation.gaveUp == simulation.asked)
        #expect(simulation.residency.arrivals.isEmpty)
    }
}
