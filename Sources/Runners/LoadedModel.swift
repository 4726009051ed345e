import Inference

/// A model that is in memory, on its way there, or about to leave.
public struct LoadedModel: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
        case loading
        /// Ready, and nobody asks.
        case ready
        /// Ready, and at work on requests.
        case busy
        /// Told to leave, or about to be once its answers have ended.
        case stopping
    }

    public var id: String
    public var capability: Capability
    /// The engine and its version, such as `llama.cpp 0.5.0`; its bare name while it loads.
    public var engine: String
    public var state: State
    /// The process's id, once it has started.
    public var process: Int?
    /// Resident memory now, in bytes; `nil` where the system does not tell.
    public var memoryBytes: Int?
    /// The most that it has been, in bytes.
    public var peakMemoryBytes: Int?
    /// The device that computes, as the engine says: `cpu`, `gpu`, `npu`, or several joined by `+`; `unknown` while it loads.
    public var device: String
    /// Threads that it may compute with now.
    public var threads: Int
    /// Requests that wait for it or are at work.
    public var requests: Int
    /// When it was asked last, or an answer of it ended, in seconds since 1970.
    public var lastUsed: Int
    /// When it leaves unless it is asked again, in seconds since 1970; `nil` where it is kept, or at work.
    public var expiresAt: Int?
    /// Whether it leaves only when it is told to.
    public var pinned: Bool
    /// From the start of its process until it was ready, in seconds; `nil` while it loads.
    public var loadTime: Double?

    public init(
        id: String, capability: Capability, engine: String, state: State, process: Int? = nil,
        memoryBytes: Int? = nil, peakMemoryBytes: Int? = nil, device: String, threads: Int, requests: Int,
        lastUsed: Int, expiresAt: Int? = nil, pinned: Bool = false, loadTime: Double? = nil
    ) {
        self.id = id
        self.capability = capability
        self.engine = engine
        self.state = state
        self.process = process
        self.memoryBytes = memoryBytes
        self.peakMemoryBytes = peakMemoryBytes
        self.device = device
        self.threads = threads
        self.requests = requests
        self.lastUsed = lastUsed
        self.expiresAt = expiresAt
        self.pinned = pinned
        self.loadTime = loadTime
    }

    private enum CodingKeys: String, CodingKey {
        case id, capability, engine, state, process, device, threads, requests, pinned
        case memoryBytes = "memory_bytes"
        case peakMemoryBytes = "peak_memory_bytes"
        case lastUsed = "last_used"
        case expiresAt = "expires_at"
        case loadTime = "load_time"
    }
}
