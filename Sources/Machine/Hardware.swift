#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the machine has that matters to models.
public struct Hardware: Sendable, Equatable {
    public var processor: Processor
    public var memory: MemorySize
    public var accelerators: [Accelerator]

    public var gpus: [Accelerator] { accelerators.filter { $0.kind == .gpu } }
    public var npus: [Accelerator] { accelerators.filter { $0.kind == .npu } }

    /// Looks at this machine. Needs no program and no permission; what is not told is left out.
    public static func read() -> Hardware {
        #if os(macOS)
            let name = systemText("machdep.cpu.brand_string") ?? "unknown"
            let threads = ProcessInfo.processInfo.activeProcessorCount
            return Hardware(
                processor: Processor(
                    name: name, architecture: architecture,
                    cores: systemNumber("hw.physicalcpu") ?? threads, threads: threads, flags: macFlags()),
                memory: MemorySize(total: Int(ProcessInfo.processInfo.physicalMemory)), accelerators: [])
        #else
            return read(SystemFiles(), threads: ProcessInfo.processInfo.activeProcessorCount)
        #endif
    }

    /// What a system's files tell.
    ///
    /// - Parameters:
    ///   - root: where `/proc` and `/sys` are; for tests.
    ///   - threads: threads that this process may run on.
    package static func read(root: String, threads: Int) -> Hardware {
        read(SystemFiles(root: root), threads: threads)
    }

    private static func read(_ files: SystemFiles, threads: Int) -> Hardware {
        let group = ControlGroup(files)
        var processor = Processor(
            cpuinfo: files.text("/proc/cpuinfo") ?? "", architecture: architecture, threads: threads)
        processor.limit = group.processorLimit
        return Hardware(
            processor: processor, memory: memory(files, limit: group.memoryLimits.map(\.total).min()),
            accelerators: Accelerator.all(files))
    }

    private static func memory(_ files: SystemFiles, limit: Int?) -> MemorySize {
        let memory = files.table("/proc/meminfo")
        let total = memory["MemTotal"] ?? 0
        // A limit beyond what there is limits nothing.
        return MemorySize(
            total: total, available: memory["MemAvailable"], limit: limit.flatMap { $0 < total ? $0 : nil })
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }
}

#if os(macOS)
    private func systemText(_ name: String) -> String? {
        var size = 0
        guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private func systemNumber(_ name: String) -> Int? {
        var number: Int64 = 0
        var size = MemoryLayout<Int64>.size
        guard sysctlbyname(name, &number, &size, nil, 0) == 0 else { return nil }
        return Int(number)
    }

    /// The features of Apple's processors, in Linux's words.
    private func macFlags() -> Set<String> {
        let names = [
            ("hw.optional.AdvSIMD", ["asimd"]), ("hw.optional.arm.FEAT_FP16", ["fphp", "asimdhp"]),
            ("hw.optional.arm.FEAT_DotProd", ["asimddp"]), ("hw.optional.arm.FEAT_I8MM", ["i8mm"]),
            ("hw.optional.arm.FEAT_BF16", ["bf16"]), ("hw.optional.arm.FEAT_SME", ["sme"]),
        ]
        return Set(names.filter { systemNumber($0.0) == 1 }.flatMap(\.1))
    }
#endif
