import Inference

/// Where a model computes, by OpenVINO's name: `CPU`, `GPU`, `GPU.1`, `NPU`, or `AUTO`, which picks the best there is.
public struct Device: Sendable, Equatable {
    public static let cpu = Device("CPU")
    public static let auto = Device("AUTO")

    public let name: String

    public init(_ name: String) {
        self.name = name.uppercased()
    }

    /// Whether the work surely runs on the processor.
    package var isCPU: Bool { name == "CPU" }

    /// The device, where this machine has it.
    ///
    /// - Parameter present: what OpenVINO found, such as `["CPU", "GPU.0"]`.
    /// - Throws: an ``Inference/InferenceError`` that lists those that can be had.
    package func found(among present: [String]) throws(InferenceError) -> Device {
        let bare = name.split(separator: ".").first.map(String.init) ?? name
        if self == .auto || present.contains(name) { return self }
        // "GPU" stands for the first of several, which are listed with their numbers.
        if bare == name, present.contains(where: { $0.hasPrefix(name + ".") }) { return self }
        throw InferenceError(
            .unavailable,
            "This machine has no device \(name) that OpenVINO can use. It has: "
                + "\((present + [Device.auto.name]).joined(separator: ", ")). Set the device to one of these.")
    }
}
