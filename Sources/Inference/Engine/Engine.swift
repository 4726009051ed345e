/// What every loaded engine answers, whatever it can do.
public protocol Engine: Sendable {
    var description: EngineDescription { get }

    func statistics() async -> EngineStatistics

    /// Changes how many threads compute, between two steps. At least 1.
    func setThreads(_ count: Int) async

    /// Ends the work in hand with errors and frees what the engine holds. No call may follow.
    func shutDown() async
}
