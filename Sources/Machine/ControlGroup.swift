/// What Linux's control groups leave to this process, in version 1 and 2.
struct ControlGroup {
    private let files: SystemFiles
    private let groups: [(controllers: [Substring], path: String)]

    init(_ files: SystemFiles) {
        self.files = files
        groups = (files.text("/proc/self/cgroup") ?? "").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            return (parts[1].split(separator: ","), String(parts[2]))
        }
    }

    /// What memory this group and each that it is in may have; those without a limit are left out.
    var memoryLimits: [MachineMemory] {
        chain("", "/sys/fs/cgroup").compactMap { memoryLimit($0, .unified) }
            + chain("memory", "/sys/fs/cgroup/memory").compactMap { memoryLimit($0, .old) }
    }

    private struct MemoryNames {
        var limit: String
        var usage: String
        /// What of the usage is files that need not stay.
        var files: [String]

        static let unified = MemoryNames(
            limit: "/memory.max", usage: "/memory.current", files: ["inactive_file", "active_file"])
        static let old = MemoryNames(
            limit: "/memory.limit_in_bytes", usage: "/memory.usage_in_bytes",
            files: ["total_inactive_file", "total_active_file"])
    }

    private func memoryLimit(_ folder: String, _ names: MemoryNames) -> MachineMemory? {
        // `max` is no number; version 1 writes no limit as the largest number of whole pages.
        guard let limit = files.number(folder + names.limit), limit < 1 << 60 else { return nil }
        var used = files.number(folder + names.usage) ?? 0
        for line in (files.text(folder + "/memory.stat") ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, names.files.contains(String(words[0])) { used -= Int(words[1]) ?? 0 }
        }
        return MachineMemory(total: limit, available: max(0, limit - max(0, used)))
    }

    /// The least number of cores' worth of time that this group and those it is in may use.
    var processorLimit: Double? {
        let unified = chain("", "/sys/fs/cgroup").compactMap { folder -> Double? in
            let words = (files.value(folder + "/cpu.max") ?? "").split(separator: " ").compactMap { Double($0) }
            return words.count == 2 && words[1] > 0 ? words[0] / words[1] : nil
        }
        let old = (chain("cpu", "/sys/fs/cgroup/cpu") + chain("cpu", "/sys/fs/cgroup/cpu,cpuacct")).compactMap {
            folder -> Double? in
            guard let quota = files.number(folder + "/cpu.cfs_quota_us"), quota > 0,
                let period = files.number(folder + "/cpu.cfs_period_us"), period > 0
            else { return nil }
            return Double(quota) / Double(period)
        }
        return (unified + old).min()
    }

    /// The group's folder and those above it. In a container the group is the root of what is mounted, whatever its name.
    private func chain(_ controller: String, _ mount: String) -> [String] {
        let group = groups.first {
            controller.isEmpty ? $0.controllers.isEmpty : $0.controllers.contains { $0 == controller }
        }
        guard let group else { return [] }
        var folders = [mount]
        for part in group.path.split(separator: "/") { folders.append(folders[folders.count - 1] + "/" + part) }
        return folders
    }
}
