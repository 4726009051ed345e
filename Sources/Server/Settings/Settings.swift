import Logging
import Runners

/// Everything that can be set, read once at start: flags over environment over `config.json` over defaults.
public struct Settings: Sendable {
    /// The address to listen on. Only loopback by default: nothing leaves the machine.
    public let host: String
    /// The TCP port to listen on; 0 lets the system choose.
    public let port: Int
    /// Names, beside the loopback ones, that a `Host` header may carry.
    public let allowedHosts: [String]
    /// Origins of web pages, beside this server's own, that may call it.
    public let allowedOrigins: [String]
    /// The largest request body, in bytes.
    public let bodyLimit: Int
    /// The largest file of a sound that is to be written down, in bytes.
    public let soundLimit: Int
    /// The largest head of a request, in bytes.
    public let headerLimit: Int
    /// How long a request's body may take to arrive.
    public let readTimeout: Duration
    /// How long a sound's file may take to arrive.
    public let uploadTimeout: Duration
    /// How long a connection without a request stays open.
    public let idleTimeout: Duration
    /// Connections that are open at once; more wait to be accepted.
    public let maximumConnections: Int
    /// How long running answers may take to finish once the server is told to stop.
    public let shutdownGrace: Duration
    public let logLevel: Logger.Level

    /// The model that commands use when none is named.
    public let defaultModel: String

    /// Requests that may wait for one model.
    public let queueLength: Int
    /// Requests that one model computes side by side.
    public let parallelRequests: Int
    /// Tokens of context of one request; 0 is the model's own.
    public let contextLength: Int
    /// How long a model may take to load.
    public let loadTimeout: Duration
    /// Threads that compute; 0 is one for each core.
    public let threads: Int
    /// Memory for a model's KV cache beyond what one request needs, in MiB.
    public let kvCacheBudget: Int
    /// What computes, where the engine has a choice.
    public let device: ComputeDevice
    /// What numbers are computed in, where the engine has a choice.
    public let precision: ComputePrecision

    /// Models that are loaded when the server starts, by id or another of their names.
    public let preloadedModels: [String]
    /// How long a model stays in memory after its last answer.
    public let keepAlive: KeepAlive
    /// The same for some models, by id or another of their names in lower case.
    public let keepAliveOf: [String: KeepAlive]
    /// Models that leave memory only when they are told to, by id or another of their names.
    public let pinnedModels: [String]
    /// What all models together may take, in MiB; 0 is what the machine has, less a margin.
    public let memoryBudget: Int
    /// Models that may be loaded at once; 0 is as many as fit.
    public let maximumLoaded: Int
    /// How long a request waits for memory while other models are answering.
    public let memoryWait: Duration

    /// A model hub to fetch from instead of the public one; empty where there is none.
    public let hubMirror: String
    /// Connections that fetch one large file together.
    public let downloadConnections: Int

    private let rows: [SettingExplanation]

    /// The table of settings: one line each, read from the layers in the same stroke.
    init(reading table: inout SettingReader) {
        host = table.text("server.host", default: "127.0.0.1", "address to listen on")
        port = table.integer("server.port", default: 8553, in: 0...65_535, "port to listen on; 0 is any that is free")
        allowedHosts = table.list("server.allowed-hosts", "names a Host header may carry beside the loopback ones")
        allowedOrigins = table.list("server.allowed-origins", "origins of web pages that may call this server")
        bodyLimit = table.integer(
            "server.body-limit", default: 32 << 20, in: 1_024...(4 << 30), "largest request body, in bytes")
        soundLimit = table.integer(
            "server.sound-limit", default: 512 << 20, in: 1_024...(64 << 30),
            "largest file of a sound to be written down, in bytes")
        headerLimit = table.integer(
            "server.header-limit", default: 64 << 10, in: 1_024...(1 << 20), "largest request head, in bytes")
        readTimeout = table.seconds(
            "server.read-timeout", default: 30, in: 1...3_600, "seconds in which a request's body must arrive")
        uploadTimeout = table.seconds(
            "server.upload-timeout", default: 600, in: 1...86_400, "seconds in which a sound's file must arrive")
        idleTimeout = table.seconds(
            "server.idle-timeout", default: 120, in: 1...86_400, "seconds that a connection without a request stays")
        maximumConnections = table.integer(
            "server.maximum-connections", default: 512, in: 1...65_535, "connections open at once")
        shutdownGrace = table.seconds(
            "server.shutdown-grace", default: 30, in: 0...3_600, "seconds for running answers to finish at shutdown")
        logLevel = table.choice("log.level", default: .info, of: Logger.Level.self, "least severe log line written")
        defaultModel = table.text("default-model", default: "smollm2-135m", "model used when none is named")
        queueLength = table.integer(
            "runner.queue-length", default: 64, in: 0...100_000, "requests that may wait for one model")
        parallelRequests = table.integer(
            "runner.parallel-requests", default: 8, in: 1...256, "requests that one model computes side by side")
        contextLength = table.integer(
            "runner.context-length", default: 0, in: 0...(1 << 20), "tokens of context; 0 is the model's own, bounded")
        loadTimeout = table.seconds(
            "runner.load-timeout", default: 120, in: 1...3_600, "seconds in which a model must load")
        threads = table.integer("runner.threads", default: 0, in: 0...1_024, "threads that compute; 0 is all cores")
        kvCacheBudget = table.integer(
            "runner.kv-cache-budget", default: 256, in: 0...(1 << 20),
            "memory for cached prompts beyond one request's, in MiB for each model")
        device = table.choice(
            "runner.device", default: .cpu, of: ComputeDevice.self,
            "what computes embeddings and pictures: cpu, gpu, npu, or auto, the best there is")
        precision = table.choice(
            "runner.precision", default: .auto, of: ComputePrecision.self,
            "numbers that embeddings and pictures are computed in: f32, bf16, or auto, the fastest that keeps them right"
        )
        preloadedModels = table.list("models.preload", "models loaded when the server starts")
        keepAlive = table.keepAlive(
            "models.keep-alive", default: .standard,
            "how long a model stays loaded after its last answer: 5m, 1h30m, seconds, or -1 for always")
        keepAliveOf = table.keepAlives("models.keep-alive-of", "the same for some models, as model=time")
        pinnedModels = table.list("models.pinned", "models that stay loaded until they are unloaded by name")
        memoryBudget = table.mebibytes(
            "models.memory-budget", default: 0, in: 0...(1 << 30),
            "memory for all loaded models, in MiB or such as 8GB; 0 is what the machine has, less a margin")
        maximumLoaded = table.integer(
            "models.maximum-loaded", default: 0, in: 0...1_000, "models loaded at once; 0 is as many as fit")
        memoryWait = table.seconds(
            "models.memory-wait", default: 60, in: 1...3_600,
            "seconds that a request waits for memory while other models are answering")
        hubMirror = table.text("download.hub-mirror", default: "", "address of a model hub to fetch from instead")
        downloadConnections = table.integer(
            "download.connections", default: 4, in: 1...32, "connections that fetch one large file together")
        rows = table.rows
    }

    /// Each setting in the order of the table, with its value and where that came from.
    public func explain() -> [SettingExplanation] { rows }
}
