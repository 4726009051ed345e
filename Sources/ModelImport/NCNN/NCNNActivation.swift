/// Functions of one number. ncnn has them as layers, and by a number as the end of other layers.
enum NCNNActivation: Sendable, Equatable {
    case none
    /// `max(x, 0) + slope · min(x, 0)`.
    case relu(slope: Float)
    case clip(Float, Float)
    case sigmoid
    case tanh
    /// `x · tanh(ln(1 + eˣ))` (Misra 2019).
    case mish
    /// `x · min(max(alpha · x + beta, 0), 1)` (Howard et al. 2019).
    case hardSwish(alpha: Float, beta: Float)

    /// By the number that other layers have for it (parameter 9), and its arguments (10).
    init(number: Int, arguments: [Float]) throws(NCNNFault) {
        switch (number, arguments.count) {
        case (0, _): self = .none
        case (1, _): self = .relu(slope: 0)
        case (2, 1): self = .relu(slope: arguments[0])
        case (3, 2): self = try Self.clip(from: arguments[0], to: arguments[1])
        case (4, _): self = .sigmoid
        case (5, _): self = .mish
        case (6, 2): self = .hardSwish(alpha: arguments[0], beta: arguments[1])
        case (2, let count), (3, let count), (6, let count):
            throw NCNNFault(.malformed, "has \(count) arguments for its activation (parameter 10)")
        default: throw NCNNFault(.unsupported, "has \(number) as its activation (parameter 9), which is not known here")
        }
    }

    static func clip(from lower: Float, to upper: Float) throws(NCNNFault) -> NCNNActivation {
        guard lower <= upper else { throw NCNNFault(.malformed, "clips from \(lower) to \(upper)") }
        return .clip(lower, upper)
    }
}

extension NCNNTranslator {
    /// An activation as a layer of its own.
    mutating func activation(_ layer: inout NCNNLayer, _ input: NCNNBlob) throws(NCNNFault) -> NCNNBlob {
        let activation: NCNNActivation =
            switch layer.kind {
            case "ReLU": .relu(slope: try layer.parameters.number(0))
            case "Clip":
                try .clip(
                    from: try layer.parameters.number(0, default: -.greatestFiniteMagnitude),
                    to: try layer.parameters.number(1, default: .greatestFiniteMagnitude))
            case "Sigmoid": .sigmoid
            case "TanH": .tanh
            case "Mish": .mish
            case "HardSwish":
                .hardSwish(
                    alpha: try layer.parameters.number(0, default: 0.2),
                    beta: try layer.parameters.number(1, default: 0.5))
            default: throw NCNNFault(.unsupported, "is a kind of layer that is not known here")
            }
        return input.with(apply(activation, to: input.output, name: layer.nodeName))
    }

    mutating func apply(_ activation: NCNNActivation, to input: IROutput, name: String) -> IROutput {
        switch activation {
        case .none: return input
        case .relu(slope: 0): return graph.relu(input, name: name)
        case .relu(let slope):
            let factor = graph.constant([slope])
            return graph.prelu(input, slope: factor, name: name)
        case .clip(let lower, let upper):
            return graph.map("Clamp", input, attributes: ["min": .number(lower), "max": .number(upper)], name: name)
        case .sigmoid: return graph.map("Sigmoid", input, name: name)
        case .tanh: return graph.map("Tanh", input, name: name)
        case .mish: return graph.map("Mish", input, version: "opset4", name: name)
        case .hardSwish(let alpha, let beta):
            let (factor, summand) = (graph.scalar(alpha), graph.scalar(beta))
            let gate = graph.add(
                "HardSigmoid", inputs: [input, factor, summand], result: IRPort(input.type, input.shape),
                name: name + "/gate")
            return graph.multiply(input, gate, name: name)
        }
    }

    /// `max(x, 0) + slope · min(x, 0)`, with a slope for all channels or one for each.
    mutating func prelu(_ layer: inout NCNNLayer, _ input: NCNNBlob) throws(NCNNFault) -> NCNNBlob {
        let count = try layer.parameters.integer(0)
        guard count == 1 || count == input.channels else {
            throw NCNNFault(.malformed, "has \(count) slopes for \(input.channels) channels")
        }
        let slopes = try weights.plain(count)
        let constant = graph.constant(.f32, [count], slopes.data, name: layer.nodeName + "/slope")
        return input.with(graph.prelu(input.output, slope: constant, name: layer.nodeName))
    }
}
