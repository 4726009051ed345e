import HalfNetworks
import OpenVINORuntime

extension OpenVINOEngine.Configuration {
    /// Whether networks that can be computed in binary16 shall be: on CPUs that do so and have no tiles of bf16, which are
    /// faster still, unless the settings name other numbers.
    var computesInHalf: Bool {
        device == .cpu && precision == .auto && HalfArithmetic.isAvailable
            && !CPUFeatures.ofThisMachine().multipliesTiles
    }
}

extension HalfArithmetic {
    /// As descriptions of the engine have it.
    static let name = "dpais f16"
}
