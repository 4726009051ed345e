#if canImport(Darwin)
    import Darwin
#endif

/// What memory there is for all, or for those that share a limit, in bytes.
public struct MachineMemory: Sendable, Equatable {
    public var total: Int
    /// What can be had without taking it from anybody.
    public var available: Int

    public init(total: Int, available: Int) {
        self.total = total
        self.available = available
    }

    /// The smaller of two at each.
    public func limited(by other: MachineMemory) -> MachineMemory {
        MachineMemory(total: min(total, other.total), available: min(available, other.available))
    }

    /// What the machine has, or the part of it that this process may use; `nil` where the system does not tell.
    public static func read() -> MachineMemory? {
        #if canImport(Darwin)
            var total = UInt64(0)
            var size = MemoryLayout<UInt64>.size
            guard sysctlbyname("hw.memsize", &total, &size, nil, 0) == 0 else { return nil }
            var statistics = vm_statistics64()
            var count = mach_msg_type_number_t(
                MemoryLayout<vm_statistics64>.size / MemoryLayout<integer_t>.size)
            let result = withUnsafeMutablePointer(to: &statistics) { statistics in
                statistics.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
                    host_statistics64(mach_host_self(), HOST_VM_INFO64, $0, &count)
                }
            }
            guard result == KERN_SUCCESS else { return MachineMemory(total: Int(total), available: Int(total)) }
            let pages =
                Int(statistics.free_count) + Int(statistics.inactive_count) + Int(statistics.purgeable_count)
            return MachineMemory(total: Int(total), available: pages * Int(getpagesize()))
        #else
            let files = SystemFiles()
            let memory = files.table("/proc/meminfo")
            guard let total = memory["MemTotal"] else { return nil }
            let machine = MachineMemory(total: total, available: memory["MemAvailable"] ?? total)
            return ControlGroup(files).memoryLimits.reduce(machine) { $0.limited(by: $1) }
        #endif
    }

    /// The limits that control groups set, as a system's files tell them.
    ///
    /// - Parameter root: where `/proc` and `/sys` are; for tests.
    package static func limits(root: String) -> [MachineMemory] {
        ControlGroup(SystemFiles(root: root)).memoryLimits
    }
}
