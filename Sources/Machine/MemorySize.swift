/// The memory of the machine, in bytes.
public struct MemorySize: Sendable, Equatable, Codable {
    public var total: Int
    /// What a new program can have without others being moved out; `nil` where the system does not say.
    public var available: Int?
    /// What this program's group of processes may have (Linux's control groups); `nil` without a limit.
    public var limit: Int?

    public init(total: Int, available: Int? = nil, limit: Int? = nil) {
        self.total = total
        self.available = available
        self.limit = limit
    }

    /// What models can have at most.
    public var usable: Int { min(total, limit ?? total) }
}
