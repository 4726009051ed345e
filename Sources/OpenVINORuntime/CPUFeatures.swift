#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What this machine's processor can do that decides how models are computed.
package struct CPUFeatures: Sendable, Equatable {
    /// Has instructions that multiply whole tiles of bf16 (AMX-BF16), several times as fast as rows of f32. Rows of bf16
    /// (AVX512-BF16) are slower than rows of f32 in OpenVINO's kernels, and it would take bf16 on any AVX-512 CPU.
    package var multipliesTiles: Bool

    package init(multipliesTiles: Bool) {
        self.multipliesTiles = multipliesTiles
    }

    /// Of a list such as `/proc/cpuinfo`.
    package init(cpuInfo: String) {
        let flags = cpuInfo.split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
        multipliesTiles = flags.contains("amx_bf16")
    }

    /// Of this machine; a processor that does not say is taken to have none of it.
    package static func ofThisMachine() -> CPUFeatures {
        #if os(Linux)
            let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
            return CPUFeatures(cpuInfo: information ?? "")
        #else
            return CPUFeatures(multipliesTiles: false)
        #endif
    }
}
