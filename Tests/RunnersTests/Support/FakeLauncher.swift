import Inference
import Logging
import ModelStore
import RunnerProtocol
import Runners
import Synchronization
import TestSupport

/// Runners in this process: an engine behind a socket, which loads when the test lets it and dies when the test says.
final class FakeLauncher: RunnerLauncher {
    /// How a start goes.
    enum Plan: Sendable {
        case serve
        /// Serves once the gate is open.
        case serveAfter(Gate)
        /// Says why it cannot serve, once the gate is open, and leaves.
        case announceFailureAfter(Gate, InferenceError)
        /// Serves, but answers no question about itself until the gate is open.
        case serveSilently(Gate)
        /// Ends without a word.
        case die
    }

    /// One start, as the launcher saw it.
    final class Start: Sendable {
        let model: String
        let launch: RunnerLaunch
        let engine: FakeEngine
        fileprivate let death = Gate()

        fileprivate init(_ model: InstalledModel, _ launch: RunnerLaunch, _ plan: Plan) {
            self.model = model.id
            self.launch = launch
            if case .serveSilently(let gate) = plan {
                engine = FakeEngine(threads: launch.threads, silence: gate)
            } else {
                engine = FakeEngine(threads: launch.threads)
            }
        }

        /// Ends the runner as a crash would: its connections break.
        func die() { death.open() }
    }

    private let plans: Mutex<[Plan]>
    private struct Log {
        var starts: [Start] = []
        var ends = 0
        var running: [String: Int] = [:]
        /// The most processes there were at once.
        var most = 0
        var lingering: [Task<Void, Never>] = []
    }

    private let log = Mutex(Log())
    /// Every start, as it happens; for one reader.
    let starts: AsyncStream<Start>
    private let post: AsyncStream<Start>.Continuation

    /// - Parameter plans: for the first starts; later ones serve.
    init(_ plans: [Plan] = []) {
        self.plans = Mutex(plans)
        (starts, post) = AsyncStream.makeStream()
    }

    var startCount: Int { log.withLock { $0.starts.count } }
    var endCount: Int { log.withLock { $0.ends } }
    /// The most processes there were at once.
    var mostAtOnce: Int { log.withLock { $0.most } }
    /// Models in the order of their starts.
    var startedModels: [String] { log.withLock { $0.starts.map(\.model) } }

    func run(
        _ model: InstalledModel, _ launch: RunnerLaunch, started: @Sendable (Int) async -> Void,
        announced: @Sendable (RunnerAnnouncement) async -> Void, until stop: RunnerStop
    ) async throws -> String {
        let plan = plans.withLock { $0.isEmpty ? .serve : $0.removeFirst() }
        let start = Start(model, launch, plan)
        log.withLock { log in
            log.starts.append(start)
            log.running[model.id, default: 0] += 1
            log.most = max(log.most, log.running.values.reduce(0, +))
        }
        defer {
            log.withLock { log in
                log.ends += 1
                log.running[model.id, default: 1] -= 1
            }
        }
        post.yield(start)
        // Models called by a number have that as their process's id, for the meter.
        await started(FakeMeter.process(of: model.id))
        switch plan {
        case .serve, .serveSilently: break
        case .serveAfter(let gate): await gate.wait()
        case .announceFailureAfter(let gate, let error):
            await gate.wait()
            await announced(.failed(error))
            return "left after a failure"
        case .die: return "died"
        }
        await serve(start, announced: announced, until: stop)
        return "ended"
    }

    /// One that was told to leave goes on listening until the test ends: a real one is gone with its process, and none
    /// that connects at that moment ends this one.
    private func serve(
        _ start: Start, announced: @Sendable (RunnerAnnouncement) async -> Void, until stop: RunnerStop
    ) async {
        let (listening, post) = AsyncStream.makeStream(of: Void.self)
        let service = RunnerService(start.engine, socketPath: start.launch.socketPath, logger: .silent) { post.yield() }
        let running = Task {
            // That it was cancelled is how it ends.
            try? await service.run()
            post.finish()
        }
        guard await listening.first(where: { true }) != nil else { return }
        await announced(.ready(start.engine.description))
        await withTaskGroup(of: Void.self) { endings in
            endings.addTask { await start.death.wait() }
            endings.addTask { await stop.wait() }
            await endings.next()
            endings.cancelAll()
        }
        if stop.isSent {
            log.withLock { $0.lingering.append(running) }
        } else {
            running.cancel()
            await running.value
        }
    }

    /// Ends those that were told to leave.
    func endAll() async {
        for running in takeLingering() {
            running.cancel()
            await running.value
        }
    }

    @inline(never)
    private func takeLingering() -> [Task<Void, Never>] {
        log.withLock { log in
            defer { log.lingering = [] }
            return log.lingering
        }
    }
}

/// Opens once; whoever waits goes on, now or later, or when cancelled.
final class Gate: Sendable {
    private let opened: AsyncStream<Never>
    private let post: AsyncStream<Never>.Continuation

    init() {
        (opened, post) = AsyncStream.makeStream()
    }

    func open() { post.finish() }

    /// For one that waits.
    func wait() async {
        for await _ in opened {}
    }
}
