import Console
import Machine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// This machine, for people and as JSON.
struct MachineReport: Encodable {
    private struct Processor: Encodable {
        var name: String
        var architecture: String
        var cores: Int
        var threads: Int
        var limit: Double?
        var instructionSets: [String]

        private enum CodingKeys: String, CodingKey {
            case name, architecture, cores, threads
            case limit = "core_limit"
            case instructionSets = "instruction_sets"
        }
    }

    private struct Memory: Encodable {
        var total: Int
        var available: Int?
        var limit: Int?

        private enum CodingKeys: String, CodingKey {
            case total = "total_bytes"
            case available = "available_bytes"
            case limit = "limit_bytes"
        }
    }

    private struct Device: Encodable {
        var name: String
        var vendor: String
        var driver: String?
        var memory: Int?
        var node: String?
        var usable: Bool

        private enum CodingKeys: String, CodingKey {
            case name, vendor, driver, node, usable
            case memory = "memory_bytes"
        }

        init(_ device: Accelerator) {
            (name, vendor, driver) = (device.name, device.vendor, device.driver)
            (memory, node, usable) = (device.memoryBytes, device.node, device.isUsable)
        }

        var text: String {
            let parts = [driver.map { "driver \($0)" }, memory.map { ByteCount.text($0) }].compactMap { $0 }
            let details = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
            let group = usable ? "" : "; this user may not use it, the groups render and video often may"
            return name + details + group
        }
    }

    struct Engine: Encodable {
        var name: String
        var purpose: String
        /// The path of its runner.
        var runner: String
        var installed: Bool
        var instructionSets: [String]
        var devices: String

        private enum CodingKeys: String, CodingKey {
            case name, purpose, runner, installed, devices
            case instructionSets = "instruction_sets"
        }
    }

    private let cpu: Processor
    private let memory: Memory
    private let gpus: [Device]
    private let npus: [Device]
    let engines: [Engine]

    init(_ surroundings: Surroundings) {
        let hardware = Hardware.read()
        cpu = Processor(
            name: hardware.processor.name, architecture: hardware.processor.architecture,
            cores: hardware.processor.cores, threads: hardware.processor.threads, limit: hardware.processor.limit,
            instructionSets: hardware.processor.instructionSets.map(\.name))
        memory = Memory(
            total: hardware.memory.total, available: hardware.memory.available, limit: hardware.memory.limit)
        gpus = hardware.gpus.map(Device.init)
        npus = hardware.npus.map(Device.init)
        engines = EngineUse.all(hardware).map { use in
            let runner = surroundings.executableDirectory + "/dpais-\(use.engine.rawValue)-runner"
            return Engine(
                name: use.engine.rawValue, purpose: use.purpose, runner: runner,
                installed: FileManager.default.isExecutableFile(atPath: runner),
                instructionSets: use.instructionSets, devices: use.devices)
        }
    }

    /// `4 cores, 8 threads`.
    var processorText: String {
        let limit = cpu.limit.map { ", limited to the time of \(Self.oneDecimal($0))" } ?? ""
        return "\(cpu.name), \(cpu.architecture), \(cpu.cores) core\(cpu.cores == 1 ? "" : "s"), "
            + "\(cpu.threads) thread\(cpu.threads == 1 ? "" : "s")\(limit)"
    }

    var memoryText: String {
        let parts = [
            memory.available.map { "\(ByteCount.text($0)) available" },
            memory.limit.map { "limited to \(ByteCount.text($0)) by its control group" },
        ].compactMap { $0 }
        return ([ByteCount.text(memory.total)] + parts).joined(separator: ", ")
    }

    var gpuText: String { gpus.isEmpty ? "none found" : gpus.map(\.text).joined(separator: "; ") }
    var npuText: String { npus.isEmpty ? "none found" : npus.map(\.text).joined(separator: "; ") }

    func write(to terminal: Terminal) {
        terminal.write(terminal.style.heading("Machine") + "\n")
        terminal.writeDetails([
            ("processor", processorText), ("instructions", cpu.instructionSets.joined(separator: " ")),
            ("memory", memoryText), ("GPU", gpuText), ("NPU", npuText),
        ])
        for engine in engines {
            terminal.write("\n" + terminal.style.heading("Engine \(engine.name)") + "\n")
            terminal.writeDetails([
                ("does", engine.purpose), ("computes on", engine.devices),
                ("instructions", engine.instructionSets.joined(separator: " ")),
                ("runner", engine.installed ? engine.runner : "missing: \(engine.runner)"),
            ])
        }
    }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) cores" : "\(tenths / 10).\(tenths % 10) cores"
    }
}
