/// The numbers a device computes in.
public enum Precision: String, Sendable, CaseIterable {
    /// On a CPU bf16 where it multiplies tiles of them, else f32, which is faster there and exact; on other devices what
    /// they prefer. Measured without tiles, on AVX512-BF16: texts, pictures and speech take 1.4 to 1.5 times as long in bf16.
    ///
    /// Some networks need no OpenVINO on CPUs that have arithmetic in f16; with this they are computed so.
    case auto
    case f32
    /// 8 bits of mantissa, the range of f32.
    case bf16
    /// For GPUs and NPUs. CPUs emulate it, 15 times slower than f32, so they are never asked for it.
    case f16

    /// The hint for a device; `nil` leaves the choice to it.
    package func hint(for device: Device, cpu: CPUFeatures) -> String? {
        switch (self, device.isCPU) {
        case (.auto, true), (.f16, true): cpu.multipliesTiles ? "bf16" : "f32"
        case (.auto, false): nil
        case (.f32, _): "f32"
        case (.bf16, _): "bf16"
        case (.f16, false): "f16"
        }
    }
}
