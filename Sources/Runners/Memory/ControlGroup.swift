#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The limits that Linux's control groups set to this process, as containers and systemd use them.
package enum ControlGroup {
    /// What this group and each that it is part of may use; those without a limit are left out.
    ///
    /// - Parameter root: where the file systems are, `/` but in tests.
    package static func limits(of files: FileManager, root: String = "") -> [MachineMemory] {
        guard let data = files.contents(atPath: root + "/proc/self/cgroup") else { return [] }
        var limits: [MachineMemory] = []
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let names: Names
            if fields[0] == "0", fields[1].isEmpty {
                names = .second
            } else if fields[1].split(separator: ",").contains("memory") {
                names = .first
            } else {
                continue
            }
            // A container may see its own group as the root, whatever the path says.
            var path = String(fields[2])
            while true {
                if let limit = limit(root + names.mount + (path == "/" ? "" : path), names, files) {
                    limits.append(limit)
                }
                guard let slash = path.lastIndex(of: "/"), path != "/" else { break }
                path = slash == path.startIndex ? "/" : String(path[..<slash])
            }
        }
        return limits
    }

    private struct Names {
        var mount: String
        var limit: String
        var usage: String
        /// What of the usage is files that need not stay.
        var files: [String]

        static let second = Names(
            mount: "/sys/fs/cgroup", limit: "memory.max", usage: "memory.current",
            files: ["inactive_file", "active_file"])
        static let first = Names(
            mount: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
            files: ["total_inactive_file", "total_active_file"])
    }

    private static func limit(_ folder: String, _ names: Names, _ files: FileManager) -> MachineMemory? {
        // `max` is no number; the first version writes a very large one.
        guard let limit = number(folder + "/" + names.limit, files), limit < 1 << 60 else { return nil }
        let usage = number(folder + "/" + names.usage, files) ?? 0
        var reclaimable = 0
        if let data = files.contents(atPath: folder + "/memory.stat") {
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
                let words = line.split(separator: " ")
                if words.count == 2, names.files.contains(String(words[0])) { reclaimable += Int(words[1]) ?? 0 }
            }
        }
        return MachineMemory(total: limit, available: max(0, limit - max(0, usage - reclaimable)))
    }

    private static func number(_ path: String, _ files: FileManager) -> Int? {
        guard let data = files.contents(atPath: path) else { return nil }
        return Int(String(decoding: data, as: UTF8.self).prefix { $0.isNumber })
    }
}
