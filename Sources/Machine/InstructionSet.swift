/// A set of processor instructions that an engine has code for.
public struct InstructionSet: Sendable, Equatable {
    /// As the engines' own logs say it: `AVX512_VNNI`.
    public let name: String
    /// What Linux calls it in `/proc/cpuinfo`; all of them are needed.
    let flags: [String]
    let engines: Set<EngineKind>

    private init(_ name: String, _ flags: [String], _ engines: Set<EngineKind>) {
        self.name = name
        self.flags = flags
        self.engines = engines
    }

    /// In the order in which processors got them. llama.cpp's and whisper.cpp's are ggml's names.
    static let known: [InstructionSet] = [
        // x86
        InstructionSet("SSE4.2", ["sse4_2"], [.llama, .whisper, .openvino]),
        InstructionSet("AVX", ["avx"], [.llama, .whisper, .openvino]),
        InstructionSet("F16C", ["f16c"], [.llama, .whisper, .openvino]),
        InstructionSet("FMA", ["fma"], [.llama, .whisper, .openvino]),
        InstructionSet("BMI2", ["bmi2"], [.llama, .whisper]),
        InstructionSet("AVX2", ["avx2"], [.llama, .whisper, .openvino]),
        InstructionSet("AVX_VNNI", ["avx_vnni"], [.llama, .whisper, .openvino]),
        InstructionSet(
            "AVX512", ["avx512f", "avx512cd", "avx512vl", "avx512dq", "avx512bw"], [.llama, .whisper, .openvino]),
        InstructionSet("AVX512_VBMI", ["avx512vbmi"], [.llama, .whisper]),
        InstructionSet("AVX512_VNNI", ["avx512_vnni"], [.llama, .whisper, .openvino]),
        InstructionSet("AVX512_BF16", ["avx512_bf16"], [.llama, .whisper, .openvino]),
        InstructionSet("AVX512_FP16", ["avx512_fp16"], [.openvino]),
        InstructionSet("AMX_INT8", ["amx_tile", "amx_int8"], [.llama, .openvino]),
        InstructionSet("AMX_BF16", ["amx_tile", "amx_bf16"], [.openvino]),
        InstructionSet("AMX_FP16", ["amx_tile", "amx_fp16"], [.openvino]),
        // Arm
        InstructionSet("NEON", ["asimd"], [.llama, .whisper, .openvino]),
        InstructionSet("FP16", ["fphp", "asimdhp"], [.llama, .whisper, .openvino]),
        InstructionSet("DOTPROD", ["asimddp"], [.llama, .whisper, .openvino]),
        InstructionSet("I8MM", ["i8mm"], [.llama, .whisper, .openvino]),
        InstructionSet("BF16", ["bf16"], [.openvino]),
        InstructionSet("SVE", ["sve"], [.llama, .whisper, .openvino]),
        InstructionSet("SVE2", ["sve2"], [.llama, .whisper]),
        InstructionSet("SME", ["sme"], [.llama]),
    ]

    static func sets(in flags: Set<String>) -> [InstructionSet] {
        known.filter { flags.isSuperset(of: $0.flags) }
    }
}

/// The engines, as their runners are called.
public enum EngineKind: String, Sendable, CaseIterable, Codable {
    case llama
    case openvino
    case whisper
}
