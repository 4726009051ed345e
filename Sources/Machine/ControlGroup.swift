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

    /// The least limit of this group and those it is in, in bytes.
    var memoryLimit: Int? {
        let unified = chain("", "/sys/fs/cgroup").compactMap { files.number($0 + "/memory.max") }
        let old = chain("memory", "/sys/fs/cgroup/memory").compactMap { files.number($0 + "/memory.limit_in_bytes") }
        // Version 1 writes no limit as the largest number of whole pages.
        return (unified + old).filter { $0 < 1 << 60 }.min()
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
