import AsyncHTTPClient
import Inference
import Logging
import Machine
import ModelStore
import NIOCore
import RunnerProtocol
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which process serves which model: starts it at the first request, watches it, deals it cores, starts it again, and
/// ends it when it is not used any more or others need its memory.
public actor RunnerPool: Service {
    /// One model's process, from its start to its end.
    struct Runner {
        let model: InstalledModel
        /// Which of all lives this is.
        let life: Int
        let startup = Pending<RunnerClient>()
        /// Comes when the process has ended and is forgotten.
        let departure = Pending<Void>()
        let stop = StopSignal()
        let started: Duration
        var process: Int?
        var memory: ProcessMemory?
        var measured = Duration.zero
        var client: RunnerClient?
        var loadTime: Duration?
        /// Why it cannot serve, as it said itself; its process is about to end.
        var failure: InferenceError?
        /// Threads that it is to compute with.
        var threads: Int
        /// Threads that it was last told to compute with.
        var toldThreads: Int
        /// Whether it is being told a number of threads now: one at a time, so that the last one holds.
        var isBeingTold = false
    }

    /// A model for which there is no room yet, and all who wait for it.
    struct Arrival {
        let model: InstalledModel
        let admission = Pending<Admission>()
    }

    /// A process that a request was given to.
    struct Admission: Sendable {
        let life: Int
        let startup: Pending<RunnerClient>
    }

    private enum Event: Sendable {
        case launch(model: String)
        case workChanged
        case alarm(Duration)
    }

    let configuration: Configuration
    let clock: any PoolClock
    let meter: any MemoryMeter
    let logger: Logger
    let ledger: WorkLedger
    private let budget: CoreBudget
    private let launcher: any RunnerLauncher
    private let httpClient: HTTPClient
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation
    private let releases: AsyncStream<Hold.Release>
    private let postRelease: AsyncStream<Hold.Release>.Continuation

    var residency = Residency()
    var runners: [String: Runner] = [:]
    var arrivals: [String: Arrival] = [:]
    /// How long a model is to be kept that is not there yet, where a request has said so.
    var wishes: [String: KeepAlive] = [:]
    /// What models took when they were loaded, by their files; better known than what is expected of them.
    var sizes: [String: Int] = [:]
    private var crashes: [String: CrashHistory] = [:]
    private var nextAlarm: Duration?
    private var isStopping = false

    public init(configuration: Configuration, launcher: any RunnerLauncher, logger: Logger) {
        self.init(
            configuration: configuration, launcher: launcher, logger: logger, clock: SteadyClock(),
            meter: SystemMemory())
    }

    /// - Parameters:
    ///   - clock: the time that models are kept by.
    ///   - meter: what tells how much memory there is.
    package init(
        configuration: Configuration, launcher: any RunnerLauncher, logger: Logger, clock: any PoolClock,
        meter: any MemoryMeter
    ) {
        self.configuration = configuration
        self.launcher = launcher
        self.logger = logger
        self.clock = clock
        self.meter = meter
        budget = CoreBudget(cores: configuration.cores)
        let (events, post) = AsyncStream.makeStream(of: Event.self)
        (self.events, self.post) = (events, post)
        (releases, postRelease) = AsyncStream.makeStream(of: Hold.Release.self)
        ledger = WorkLedger { post.yield(.workChanged) }
        var settings = HTTPClient.Configuration()
        // Every request in hand has a connection of its own; none waits for another's.
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4096
        settings.connectionPool.retryConnectionEstablishment = false
        settings.timeout.connect = .seconds(5)
        httpClient = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    // MARK: Service

    /// Hosts the runners until a graceful shutdown has let them all leave.
    public func run() async throws {
        for name in StaleSockets.remove(in: configuration.socketDirectory) {
            logger.debug("removed a socket that a killed server left", metadata: ["socket": "\(name)"])
        }
        sizes = RememberedSizes.read(configuration.sizesFile)
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { waits in
                waits.addTask { for await release in self.releases { await self.released(release) } }
                await withDiscardingTaskGroup { hosts in
                    await withDiscardingTaskGroup { orders in
                        for await event in events {
                            switch event {
                            case .launch(let model): hosts.addTask { await self.host(model) }
                            case .workChanged:
                                for model in dealCores() { orders.addTask { await self.tellThreads(to: model) } }
                            case .alarm(let time): waits.addTask { await self.ring(at: time) }
                            }
                        }
                    }
                    // Only now: a runner that leaves is told no number of threads, and takes no connection.
                    tellAllToLeave()
                }
                waits.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            Task { await self.stopAll() }
        }
        try await httpClient.shutdown()
    }

    private func stopAll() async {
        isStopping = true
        refuseAllWaiting()
        post.finish()
        // A runner that does not answer keeps nobody from leaving.
        try? await Task.sleep(for: .seconds(2))
        tellAllToLeave()
    }

    private func refuseAllWaiting() {
        for arrival in arrivals.values { arrival.admission.complete(.failure(Self.shuttingDown)) }
        arrivals = [:]
    }

    private func tellAllToLeave() {
        for runner in runners.values { runner.stop.send() }
    }

    private static let shuttingDown = InferenceError(
        .unavailable, "The server is shutting down.", retryAfterSeconds: 5)

    // MARK: Requests

    /// Asks a model's runner, starting its process if it is not there.
    ///
    /// - Parameter question: is asked under a lease of cores, which lasts until it returns or as long as it keeps it.
    ///   It is asked once more where the process turns out to have died.
    /// - Throws: ``InferenceError``.
    func ask<Reply: Sendable>(
        _ model: InstalledModel, _ question: @Sendable (RunnerClient, WorkLedger.Lease) async throws -> Reply
    ) async throws -> Reply {
        do {
            return try await askOnce(model, question)
        } catch let unreachable as RunnerUnreachable {
            // Its process has died, and this request came before that was noticed: it is the one to start it again.
            guard try await hasDeparted(model.id) else { throw unreachable.error }
            do {
                return try await askOnce(model, question)
            } catch let unreachable as RunnerUnreachable {
                throw unreachable.error
            }
        }
    }

    /// - Throws: ``RunnerUnreachable`` where the runner could not even be asked.
    private func askOnce<Reply: Sendable>(
        _ model: InstalledModel, _ question: @Sendable (RunnerClient, WorkLedger.Lease) async throws -> Reply
    ) async throws -> Reply {
        let (client, hold) = try await client(for: model)
        let lease = ledger.lease(hold)
        defer { withExtendedLifetime(lease) {} }
        return try await question(client, lease)
    }

    /// Waits until a process that seems dead is forgotten. That takes milliseconds, on a machine that is busy with other
    /// programs seconds; after 30 seconds the process is not taken for dead.
    private func hasDeparted(_ id: String) async throws -> Bool {
        guard let departure = runners[id]?.departure else { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await departure.value()
                return true
            }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    /// The model's runner, when it is ready, and a hold on it; starts it if it is not there, as soon as there is room.
    /// All who ask meanwhile get the same one.
    func client(for model: InstalledModel) async throws -> (RunnerClient, Hold) {
        let (life, startup): (Int, Pending<RunnerClient>)
        if let present = residency.enter(model.id, at: clock.now, need: { need(of: model) }),
            let runner = runners[model.id]
        {
            (life, startup) = (present, runner.startup)
            if let client = runner.client { return (client, hold(model.id, life)) }
        } else {
            let admission = try await admission(of: model)
            (life, startup) = (admission.life, admission.startup)
        }
        let hold = hold(model.id, life)
        return (try await startup.value(), hold)
    }

    private func hold(_ id: String, _ life: Int) -> Hold {
        Hold(.init(model: id, life: life)) { [postRelease] in postRelease.yield($0) }
    }

    /// Waits for room. The request has been counted among those that wait.
    private func admission(of model: InstalledModel) async throws -> Admission {
        do {
            guard !isStopping else { throw Self.shuttingDown }
            try crashes[model.id]?.checkMayStart(at: .now)
        } catch {
            residency.giveUp(model.id)
            throw error
        }
        let arrival = arrivals[model.id] ?? Arrival(model: model)
        arrivals[model.id] = arrival
        update()
        do {
            return try await arrival.admission.value()
        } catch let error as CancellationError {
            if let admission = arrival.admission.successIfKnown {
                // It was given to a process in the moment in which it left.
                released(.init(model: model.id, life: admission.life))
            } else {
                residency.giveUp(model.id)
                if !residency.arrivals.contains(where: { $0.model.id == model.id }) { arrivals[model.id] = nil }
                update()
            }
            throw error
        }
    }

    // MARK: Memory

    /// Does what follows from what has happened.
    func update() {
        guard !isStopping else { return }
        if !residency.arrivals.isEmpty { measure() }
        let limits = limits()
        let now = clock.now
        for action in residency.advance(at: now, within: limits) { perform(action) }
        if let deadline = residency.nextDeadline(after: now, within: limits), deadline < nextAlarm ?? .seconds(1 << 40)
        {
            nextAlarm = deadline
            post.yield(.alarm(deadline))
        }
    }

    private func perform(_ action: Residency.Action) {
        switch action {
        case .start(let id, let life):
            guard let arrival = arrivals.removeValue(forKey: id) else { return }
            if let wish = wishes.removeValue(forKey: id) { residency.keep(id, for: wish) }
            let runner = Runner(
                model: arrival.model, life: life, started: clock.now, threads: budget.cores, toldThreads: budget.cores)
            runners[id] = runner
            post.yield(.launch(model: id))
            arrival.admission.complete(.success(Admission(life: life, startup: runner.startup)))
        case .join(let id, let life):
            guard let arrival = arrivals.removeValue(forKey: id), let runner = runners[id] else { return }
            arrival.admission.complete(.success(Admission(life: life, startup: runner.startup)))
        case .stop(let id):
            logger.info("the model leaves memory", metadata: ["model": "\(id)"])
            runners[id]?.stop.send()
        case .refuse(let id, let refusal):
            logger.notice(
                "the model is not taken into memory", metadata: ["model": "\(id)", "reason": "\(refusal.error)"])
            arrivals.removeValue(forKey: id)?.admission.complete(.failure(refusal.error))
        }
    }

    private func released(_ release: Hold.Release) {
        residency.release(release.model, life: release.life, at: clock.now)
        measureAfterUse(release.model)
        update()
    }

    /// Waits until this time, and looks what it brings.
    private func ring(at time: Duration) async {
        guard (try? await clock.sleep(until: time)) != nil else { return }
        if nextAlarm == time { nextAlarm = nil }
        update()
    }

    // MARK: Processes

    /// Stays with one process from its start to its end.
    private func host(_ id: String) async {
        guard let runner = runners[id] else { return }
        let socket = "\(configuration.socketDirectory)/\(configuration.socketPrefix)-\(runner.life).sock"
        let launch = launch(runner.model, socket: socket)
        logger.info("starting the model's process", metadata: ["model": "\(id)"])
        var outcome: String
        do {
            outcome = try await launcher.run(
                runner.model, launch, started: { await self.started(id, process: $0) },
                announced: { await self.announced($0, by: id, socket: socket) },
                until: RunnerStop(signal: runner.stop))
        } catch {
            outcome = "could not be run: \(error)"
        }
        unlink(socket)
        ended(id, runner, outcome)
    }

    private func launch(_ model: InstalledModel, socket: String) -> RunnerLaunch {
        RunnerLaunch(
            socketPath: socket, modelPath: model.primaryFile, projectorPath: model.projectorFile,
            capability: model.capability, modelDigest: model.files.map(\.sha256).joined(separator: "+"),
            shortensVectors: model.shortensVectors, threads: budget.cores, maximumThreads: budget.cores,
            contextLength: configuration.contextLength, parallelRequests: configuration.parallelRequests,
            queueLimit: configuration.queueLimit, cacheBudgetBytes: configuration.cacheBudgetBytes,
            device: configuration.device, precision: configuration.precision,
            compiledModelFolder: configuration.compiledModelFolder, logLevel: configuration.runnerLogLevel.rawValue)
    }

    private func started(_ id: String, process: Int) {
        runners[id]?.process = process
    }

    private func announced(_ announcement: RunnerAnnouncement, by id: String, socket: String) {
        guard let runner = runners[id] else { return }
        switch announcement {
        case .ready(let description):
            let client = RunnerClient(
                description, socketPath: socket, httpClient: httpClient,
                controlTimeout: configuration.controlTimeout)
            let seconds = clock.now - runner.started
            runners[id]?.client = client
            runners[id]?.loadTime = seconds
            residency.becameReady(id, life: runner.life, at: clock.now)
            measure(id)
            logger.info(
                "the model is ready",
                metadata: [
                    "model": "\(id)", "load_time": "\(seconds)",
                    "memory_mib": "\((runners[id]?.memory?.resident ?? 0) >> 20)",
                ])
            runner.startup.complete(.success(client))
            update()
        case .failed(let error):
            // Who waits is told when the process has ended: who then asks again has a new one started.
            runners[id]?.failure = error
        }
    }

    /// Forgets a process that has ended, so that the next request starts a new one.
    private func ended(_ id: String, _ runner: Runner, _ outcome: String) {
        let last = runners.removeValue(forKey: id)
        residency.departed(id, life: runner.life)
        let failure =
            last?.failure
            ?? InferenceError(
                .unavailable, "The model's process ended before it was ready (\(outcome)). The server's log says more.",
                retryAfterSeconds: 1)
        runner.startup.complete(.failure(failure))
        runner.departure.complete(.success(()))
        if !runner.stop.isSent {
            logger.error("the model's process ended", metadata: ["model": "\(id)", "outcome": "\(outcome)"])
            let lifetime = clock.now - runner.started
            crashes[id, default: CrashHistory()].recordDeath(after: lifetime, at: .now)
        }
        update()
    }

    // MARK: Cores

    /// Shares the cores among the runners that work.
    ///
    /// - Returns: models whose runners have to be told.
    private func dealCores() -> [String] {
        guard !isStopping else { return [] }
        for (model, threads) in budget.deal(to: ledger.working.filter { runners[$0]?.client != nil }) {
            runners[model]?.threads = threads
        }
        return runners.filter { $0.value.threads != $0.value.toldThreads && !$0.value.isBeingTold }.map(\.key)
    }

    /// Tells a runner its number of threads, and again where the number changes meanwhile. A runner that does not answer
    /// in time is not told again until its number changes; it delays no other runner.
    private func tellThreads(to model: String) async {
        while let runner = runners[model], let client = runner.client, !runner.isBeingTold,
            runner.threads != runner.toldThreads
        {
            runners[model]?.toldThreads = runner.threads
            runners[model]?.isBeingTold = true
            await client.setThreads(runner.threads)
            if runners[model]?.life == runner.life { runners[model]?.isBeingTold = false }
        }
    }
}
