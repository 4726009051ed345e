import Machine
import Runners
import Synchronization

/// Memory as the test has it: each model takes what is said of it.
final class FakeMeter: MemoryMeter {
    private struct State {
        var sizes: [Int: Int]
        var machine: MachineMemory?
    }

    private let state: Mutex<State>

    /// - Parameter sizes: bytes by model; nothing is told of others.
    init(_ sizes: [String: Int] = [:], machine: MachineMemory? = nil) {
        let byProcess = sizes.map { (FakeMeter.process(of: $0), $1) }
        state = Mutex(State(sizes: Dictionary(byProcess, uniquingKeysWith: { $1 }), machine: machine))
    }

    @inline(never)
    func set(_ model: String, to bytes: Int) { state.withLock { $0.sizes[FakeMeter.process(of: model)] = bytes } }

    @inline(never)
    func process(_ id: Int) -> ProcessMemory? {
        state.withLock { $0.sizes[id] }.map { ProcessMemory(resident: $0, peak: $0) }
    }

    @inline(never)
    func machine() -> MachineMemory? { state.withLock { $0.machine } }

    /// The same number for the same model.
    static func process(of model: String) -> Int {
        model.utf8.reduce(1) { ($0 &* 31 &+ Int($1)) & 0xFFFFFF }
    }
}

/// Time that stands still until the test lets it pass.
final class FakeClock: PoolClock {
    private struct State {
        var now = Duration.zero
        var sleepers: [Int: (time: Duration, waker: AsyncStream<Never>.Continuation)] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    @inline(never)
    private func read() -> Duration { state.withLock { $0.now } }

    var now: Duration { read() }

    /// Wakes those whose time has come.
    @inline(never)
    func advance(by time: Duration) {
        let woken = state.withLock { state in
            state.now += time
            let due = state.sleepers.filter { $0.value.time <= state.now }
            for key in due.keys { state.sleepers[key] = nil }
            return due.values.map(\.waker)
        }
        for waker in woken { waker.finish() }
    }

    func sleep(until time: Duration) async throws {
        for await _ in alarm(at: time) {}
        try Task.checkCancellation()
    }

    @inline(never)
    private func alarm(at time: Duration) -> AsyncStream<Never> {
        let (stream, waker) = AsyncStream.makeStream(of: Never.self)
        let isDue = state.withLock { state in
            if state.now >= time { return true }
            state.next += 1
            state.sleepers[state.next] = (time, waker)
            return false
        }
        if isDue { waker.finish() }
        return stream
    }
}
