/// The processor of the machine, as engines see it.
public struct Processor: Sendable, Equatable {
    /// As its maker calls it.
    public var name: String
    /// Such as `x86_64` or `arm64`.
    public var architecture: String
    /// Cores; each can run several threads.
    public var cores: Int
    /// Threads that can run at once.
    public var threads: Int
    /// Cores' worth of time that this program's group of processes may use (Linux's control groups); `nil` without a
    /// limit.
    public var limit: Double?
    /// The sets that an engine has code for.
    public var instructionSets: [InstructionSet]

    /// What `/proc/cpuinfo` says.
    ///
    /// - Parameter threads: threads that this process may run on, where the file does not list them.
    init(cpuinfo text: String, architecture: String, threads: Int) {
        let fields = text.split(separator: "\n").compactMap(\.field)
        func first(_ names: String...) -> String? {
            fields.first { names.contains($0.name) && !$0.value.isEmpty }?.value
        }
        let flags = Set((first("flags", "Features") ?? "").split(separator: " ").map(String.init))
        name = first("model name", "Model", "Hardware") ?? Self.armName(first("CPU implementer"), first("CPU part"))
        self.architecture = architecture
        self.threads = max(threads, 1)
        cores = Self.cores(fields) ?? max(fields.count { $0.name == "processor" }, 1)
        instructionSets = InstructionSet.sets(in: flags)
    }

    init(name: String, architecture: String, cores: Int, threads: Int, flags: Set<String>) {
        (self.name, self.architecture, self.cores, self.threads) = (name, architecture, cores, threads)
        instructionSets = InstructionSet.sets(in: flags)
    }

    /// Arm's processors tell their maker and model by numbers alone.
    private static func armName(_ implementer: String?, _ part: String?) -> String {
        guard let implementer, let part else { return "unknown" }
        return "Arm, implementer \(implementer), part \(part)"
    }

    /// Different pairs of chip and core.
    private static func cores(_ fields: [(name: String, value: String)]) -> Int? {
        var pairs: Set<String> = []
        var chip = "0"
        for field in fields {
            switch field.name {
            case "physical id": chip = field.value
            case "core id": pairs.insert(chip + "/" + field.value)
            default: break
            }
        }
        return pairs.isEmpty ? nil : pairs.count
    }
}
