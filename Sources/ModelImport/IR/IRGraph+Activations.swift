extension IRGraph {
    package mutating func relu(_ input: IROutput, name: String? = nil) -> IROutput {
        map("ReLU", input, name: name)
    }

    /// `max(x, 0) + slope · min(x, 0)`, with one slope a channel, the second dimension, or one for all.
    package mutating func prelu(_ input: IROutput, slope: IROutput, name: String? = nil) -> IROutput {
        add("PRelu", inputs: [input, slope], result: IRPort(input.type, input.shape), name: name)
    }

    /// The Gaussian error linear unit, by the error function itself or by its approximation with a tangent.
    package mutating func gelu(_ input: IROutput, approximate: Bool = false, name: String? = nil) -> IROutput {
        let mode = approximate ? "TANH" : "ERF"
        return map("Gelu", input, version: "opset7", attributes: ["approximation_mode": .text(mode)], name: name)
    }

    /// x · σ(x).
    package mutating func silu(_ input: IROutput, name: String? = nil) -> IROutput {
        map("Swish", input, version: "opset4", name: name)
    }

    /// Positive numbers that sum to 1 along the last dimension.
    package mutating func softmax(_ input: IROutput, name: String? = nil) -> IROutput {
        map("SoftMax", input, attributes: ["axis": .integer(input.rank - 1)], name: name)
    }
}
