#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What this machine's processor can do that decides how models are computed.
package struct CPUFeatures: Sendable, Equatable {
    /// Has instructions that multiply bf16 (AMX-BF16 or AVX512-BF16). OpenVINO would take bf16 on any AVX-512 CPU and
    /// emulate it where they are missing.
    package var multipliesBF16: Bool
    /// Has instructions that multiply whole tiles of bf16 (AMX-BF16), some ten times as fast as rows of f32.
    package var multipliesTiles: Bool

    package init(multipliesBF16: Bool, multipliesTiles: Bool = false) {
        self.multipliesBF16 = multipliesBF16
        self.multipliesTiles = multipliesTiles
    }

    /// Of a list such as `/proc/cpuinfo`.
    package init(cpuInfo: String) {
        let flags = cpuInfo.split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
        multipliesTiles = flags.contains("amx_bf16")
        multipliesBF16 = multipliesTiles || flags.contains("avx512_bf16")
    }

    /// Of this machine; a processor that does not say is taken to have none of it.
    package static func ofThisMachine() -> CPUFeatures {
        #if os(Linux)
            let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
            return CPUFeatures(cpuInfo: information ?? "")
        #else
            return CPUFeatures(multipliesBF16: false)
        #endif
    }
}
