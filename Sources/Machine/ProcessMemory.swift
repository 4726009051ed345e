#if canImport(Darwin)
    import Darwin
#endif

/// What a process has in memory, in bytes.
public struct ProcessMemory: Sendable, Equatable {
    public var resident: Int
    /// The most that it has had.
    public var peak: Int
    /// What of it is files, which the system counts as available too.
    public var files: Int

    public init(resident: Int, peak: Int, files: Int = 0) {
        self.resident = resident
        self.peak = peak
        self.files = files
    }

    /// - Returns: `nil` where the process is gone, or the system does not tell.
    public static func read(of process: Int) -> ProcessMemory? {
        #if canImport(Darwin)
            var usage = rusage_info_v4()
            let result = withUnsafeMutablePointer(to: &usage) { usage in
                usage.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
                    proc_pid_rusage(pid_t(process), RUSAGE_INFO_V4, $0)
                }
            }
            guard result == 0 else { return nil }
            return ProcessMemory(
                resident: Int(usage.ri_resident_size), peak: Int(usage.ri_lifetime_max_phys_footprint),
                files: max(0, Int(usage.ri_resident_size) - Int(usage.ri_phys_footprint)))
        #else
            let status = SystemFiles().table("/proc/\(process)/status")
            guard let resident = status["VmRSS"] else { return nil }
            return ProcessMemory(
                resident: resident, peak: max(resident, status["VmHWM"] ?? 0), files: status["RssFile"] ?? 0)
        #endif
    }
}
