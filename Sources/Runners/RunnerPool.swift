import AsyncHTTPClient
import Inference
import Logging
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

/// Which process serves which model: starts it at the first request, watches it, deals it cores, starts it again.
public actor RunnerPool: Service {
    /// One model's process, from its start to its end.
    private struct Runner {
        let model: InstalledModel
        let startup = Pending<RunnerClient>()
        /// Comes when the process has ended and is forgotten.
        let departure = Pending<Void>()
        let stop = StopSignal()
        let started = ContinuousClock.now
        var client: RunnerClient?
        /// Why it cannot serve, as it said itself; its process is about to end.
        var failure: InferenceError?
        var threads: Int
    }

    private enum Event: Sendable {
        case launch(model: String)
        case workChanged
    }

    private let configuration: Configuration
    private let budget: CoreBudget
    private let launcher: any RunnerLauncher
    private let logger: Logger
    private let httpClient: HTTPClient
    private let ledger: WorkLedger
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation

    private var runners: [String: Runner] = [:]
    private var crashes: [String: CrashHistory] = [:]
    private var launches = 0
    private var isStopping = false

    public init(configuration: Configuration, launcher: any RunnerLauncher, logger: Logger) {
        self.configuration = configuration
        self.launcher = launcher
        self.logger = logger
        budget = CoreBudget(cores: configuration.cores)
        let (events, post) = AsyncStream.makeStream(of: Event.self)
        (self.events, self.post) = (events, post)
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
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await event in events {
                    switch event {
                    case .launch(let model): group.addTask { await self.host(model) }
                    case .workChanged: await dealCores()
                    }
                }
                // Only now: a runner that leaves is told no number of threads, and takes no connection.
                tellAllToLeave()
            }
        } onCancelOrGracefulShutdown: {
            Task { await self.stopAll() }
        }
        try await httpClient.shutdown()
    }

    private func stopAll() async {
        isStopping = true
        post.finish()
        // A runner that does not answer keeps nobody from leaving.
        try? await Task.sleep(for: .seconds(2))
        tellAllToLeave()
    }

    private func tellAllToLeave() {
        for runner in runners.values { runner.stop.send() }
    }

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
        let client = try await client(for: model)
        let lease = ledger.lease(model.id)
        defer { withExtendedLifetime(lease) {} }
        return try await question(client, lease)
    }

    /// Waits a moment for a process that seems dead to be forgotten.
    private func hasDeparted(_ id: String) async throws -> Bool {
        guard let departure = runners[id]?.departure else { return true }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await departure.value()
                return true
            }
            group.addTask {
                try await Task.sleep(for: .seconds(2))
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    /// What each runner does now, by model.
    public func statistics() async -> [RunnerStatus] {
        var statuses: [RunnerStatus] = []
        for (model, runner) in runners.sorted(by: { $0.key < $1.key }) {
            let requests = ledger.requests(of: model) + runner.startup.waitingCount
            var status = RunnerStatus(model: model, state: .loading, requests: requests)
            if let client = runner.client {
                status.state = .ready
                status.engine = client.description
                status.statistics = try? await client.statisticsIfReachable()
            }
            statuses.append(status)
        }
        return statuses
    }

    /// The model's runner, when it is ready; starts it if it is not there. All who ask meanwhile get the same one.
    private func client(for model: InstalledModel) async throws -> RunnerClient {
        if let runner = runners[model.id] {
            return try await runner.startup.value()
        }
        guard !isStopping else {
            throw InferenceError(.unavailable, "The server is shutting down.", retryAfterSeconds: 5)
        }
        try crashes[model.id]?.checkMayStart(at: .now)
        let runner = Runner(model: model, threads: budget.cores)
        runners[model.id] = runner
        post.yield(.launch(model: model.id))
        return try await runner.startup.value()
    }

    func stop(_ id: String) async -> Bool {
        guard let runner = runners[id] else { return false }
        runner.stop.send()
        _ = try? await runner.departure.value()
        return true
    }

    func inMemory() -> [LoadedModel] {
        runners.sorted { $0.key < $1.key }.map { id, runner in
            LoadedModel(
                id: id, capability: runner.model.capability,
                engine: runner.client?.description.engine ?? runner.model.engine.rawValue,
                state: runner.client == nil ? .loading : .ready, device: configuration.device, threads: runner.threads,
                requests: ledger.requests(of: id), lastUsed: 0)
        }
    }

    // MARK: Processes

    /// Stays with one process from its start to its end.
    private func host(_ id: String) async {
        guard let runner = runners[id] else { return }
        launches += 1
        let socket = "\(configuration.socketDirectory)/\(configuration.socketPrefix)-\(launches).sock"
        let launch = launch(runner.model, socket: socket)
        logger.info("starting the model's process", metadata: ["model": "\(id)"])
        var outcome: String
        do {
            outcome = try await launcher.run(
                runner.model, launch,
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

    private func announced(_ announcement: RunnerAnnouncement, by id: String, socket: String) {
        guard let runner = runners[id] else { return }
        switch announcement {
        case .ready(let description):
            let client = RunnerClient(description, socketPath: socket, httpClient: httpClient)
            runners[id]?.client = client
            let seconds = ContinuousClock.now - runner.started
            logger.info("the model is ready", metadata: ["model": "\(id)", "load_time": "\(seconds)"])
            runner.startup.complete(.success(client))
        case .failed(let error):
            // Who waits is told when the process has ended: who then asks again has a new one started.
            runners[id]?.failure = error
        }
    }

    /// Forgets a process that has ended, so that the next request starts a new one.
    private func ended(_ id: String, _ runner: Runner, _ outcome: String) {
        let failure =
            runners.removeValue(forKey: id)?.failure
            ?? InferenceError(
                .unavailable, "The model's process ended before it was ready (\(outcome)). The server's log says more.",
                retryAfterSeconds: 1)
        runner.startup.complete(.failure(failure))
        runner.departure.complete(.success(()))
        guard !runner.stop.isSent else { return }
        logger.error("the model's process ended", metadata: ["model": "\(id)", "outcome": "\(outcome)"])
        crashes[id, default: CrashHistory()].recordDeath(after: ContinuousClock.now - runner.started, at: .now)
    }

    // MARK: Cores

    private func dealCores() async {
        guard !isStopping else { return }
        for (model, threads) in budget.deal(to: ledger.working.filter { runners[$0]?.client != nil }) {
            guard let runner = runners[model], runner.threads != threads, let client = runner.client else { continue }
            runners[model]?.threads = threads
            await client.setThreads(threads)
        }
    }
}
