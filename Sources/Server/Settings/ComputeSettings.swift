/// What an engine computes on, where it has a choice.
public enum ComputeDevice: String, Sendable, CaseIterable {
    case cpu
    case gpu
    case npu
    /// The best that the engine finds.
    case auto
}

/// The numbers an engine computes in, where it has a choice.
public enum ComputePrecision: String, Sendable, CaseIterable {
    /// The fastest that does no harm on the device.
    case auto
    /// 32-bit floats.
    case f32
    /// 16-bit floats with the range of 32-bit ones, computed in hardware by newer processors.
    case bf16
}
