/// What processes have in memory.
public enum ProcessMemory {
    /// Resident bytes of a process; `nil` where it is gone, or the system does not tell.
    public static func residentBytes(of process: Int) -> Int? {
        let fields = (SystemFiles().text("/proc/\(process)/status") ?? "").split(separator: "\n").compactMap(\.field)
        let value = fields.first { $0.name == "VmRSS" }?.value.split(separator: " ").first
        return value.flatMap { Int($0) }.map { $0 << 10 }
    }
}
