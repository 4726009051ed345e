#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#endif

/// Memory as the operating system tells it.
package struct SystemMemory: MemoryMeter {
    package init() {}

    #if canImport(Darwin)
        package func process(_ id: Int) -> ProcessMemory? {
            var usage = rusage_info_v4()
            let result = withUnsafeMutablePointer(to: &usage) { usage in
                usage.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
                    proc_pid_rusage(pid_t(id), RUSAGE_INFO_V4, $0)
                }
            }
            guard result == 0 else { return nil }
            return ProcessMemory(
                resident: Int(usage.ri_resident_size), peak: Int(usage.ri_lifetime_max_phys_footprint),
                files: max(0, Int(usage.ri_resident_size) - Int(usage.ri_phys_footprint)))
        }

        package func machine() -> MachineMemory? {
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
        }
    #else
        package func process(_ id: Int) -> ProcessMemory? {
            guard let status = Self.table("/proc/\(id)/status"), let resident = status["VmRSS"] else { return nil }
            return ProcessMemory(
                resident: resident, peak: max(resident, status["VmHWM"] ?? 0), files: status["RssFile"] ?? 0)
        }

        package func machine() -> MachineMemory? {
            guard let memory = Self.table("/proc/meminfo"), let total = memory["MemTotal"] else { return nil }
            let machine = MachineMemory(total: total, available: memory["MemAvailable"] ?? total)
            return ControlGroup.limits(of: FileManager.default).reduce(machine) { $0.limited(by: $1) }
        }

        /// The lines of a table such as `VmRSS:  12 kB`, in bytes.
        private static func table(_ path: String) -> [String: Int]? {
            guard let data = FileManager.default.contents(atPath: path) else { return nil }
            return MemoryTable.read(String(decoding: data, as: UTF8.self))
        }
    #endif
}

/// The tables that Linux writes.
package enum MemoryTable {
    /// The lines such as `VmRSS:  12 kB`, in bytes; others are passed over.
    package static func read(_ text: String) -> [String: Int] {
        var table: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count == 3, words[2] == "kB", words[0].last == ":", let count = Int(words[1]) else { continue }
            table[String(words[0].dropLast())] = count << 10
        }
        return table
    }
}
