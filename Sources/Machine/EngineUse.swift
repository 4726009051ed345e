/// What of a machine one engine uses.
public struct EngineUse: Sendable, Equatable {
    public var engine: EngineKind
    /// What models of the engine do.
    public var purpose: String
    /// The instruction sets that it has code for and the processor has.
    public var instructionSets: [String]
    /// One sentence on the devices beside the processor.
    public var devices: String

    /// Each engine's use of this machine.
    public static func all(_ hardware: Hardware) -> [EngineUse] {
        EngineKind.allCases.map { engine in
            EngineUse(
                engine: engine, purpose: purpose(engine),
                instructionSets: hardware.processor.instructionSets.filter { $0.engines.contains(engine) }.map(\.name),
                devices: devices(engine, hardware))
        }
    }

    private static func purpose(_ engine: EngineKind) -> String {
        switch engine {
        case .llama: "chat and embeddings of GGUF models"
        case .openvino: "embeddings of texts and pictures, upscaling"
        case .whisper: "speech"
        }
    }

    private static func devices(_ engine: EngineKind, _ hardware: Hardware) -> String {
        switch engine {
        case .llama:
            hardware.gpus.isEmpty ? "the processor" : "the processor; a GPU where it was built with its backend"
        case .openvino:
            others(hardware).map { "the processor; \($0) by the setting runner.device" } ?? "the processor"
        case .whisper: "the processor"
        }
    }

    private static func others(_ hardware: Hardware) -> String? {
        let gpu = hardware.gpus.contains { $0.vendor == "Intel" }
        let npu = hardware.npus.contains { $0.vendor == "Intel" }
        return switch (gpu, npu) {
        case (true, true): "the GPU or the NPU"
        case (true, false): "the GPU"
        case (false, true): "the NPU"
        case (false, false): nil
        }
    }
}
