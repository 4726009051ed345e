extension NCNNTranslator {
    /// `a ∘ b`, or `a ∘ scalar`.
    mutating func binary(_ layer: inout NCNNLayer, _ inputs: [NCNNBlob]) throws(NCNNFault) -> NCNNBlob {
        let number = try layer.parameters.integer(0)
        guard let operation = BinaryOperation(rawValue: number) else {
            throw NCNNFault(.unsupported, "has \(number) as its operation (parameter 0), which is not known here")
        }
        let hasScalar = try layer.parameters.integer(1, in: 0...1, as: "switch for a scalar") == 1
        let scalar = try layer.parameters.number(2)
        if hasScalar {
            guard inputs.count == 1 else { throw NCNNFault(.malformed, "has \(inputs.count) inputs beside its scalar") }
            let constant = graph.scalar(scalar)
            return inputs[0].with(node(operation, inputs[0].output, constant, name: layer.nodeName))
        }
        guard inputs.count == 2 else { throw NCNNFault(.malformed, "has \(inputs.count) inputs; two are expected") }
        let (first, second) = (inputs[0], inputs[1])
        _ = try sameSize(inputs)
        guard first.channels == second.channels || first.channels == 1 || second.channels == 1 else {
            throw NCNNFault(.malformed, "has inputs of \(first.channels) and \(second.channels) channels")
        }
        var result = first.with(
            node(operation, first.output, second.output, name: layer.nodeName),
            channels: max(first.channels, second.channels))
        result.reach = max(first.reach, second.reach)
        return result
    }

    private mutating func node(
        _ operation: BinaryOperation, _ a: IROutput, _ b: IROutput, name: String
    ) -> IROutput {
        operation.isReversed
            ? graph.elementwise(operation.type, b, a, name: name) : graph.elementwise(operation.type, a, b, name: name)
    }

    /// The sum, weighted if need be, the product or the largest of several inputs, element by element.
    mutating func eltwise(_ layer: inout NCNNLayer, _ inputs: [NCNNBlob]) throws(NCNNFault) -> NCNNBlob {
        let operation = try layer.parameters.integer(0)
        let factors = try layer.parameters.array(1)
        let first = try sameSize(inputs)
        guard inputs.count >= 2, inputs.allSatisfy({ $0.channels == first.channels }) else {
            throw NCNNFault(.malformed, "needs two inputs or more, of as many channels each")
        }
        let type: String
        switch operation {
        case 0: type = "Multiply"
        case 1: type = "Add"
        case 2: type = "Maximum"
        default:
            throw NCNNFault(.unsupported, "has \(operation) as its operation (parameter 0), which is not known here")
        }
        // ncnn looks at factors in sums only.
        guard factors.isEmpty || (operation == 1 && factors.count == inputs.count) else {
            throw NCNNFault(.malformed, "has \(factors.count) factors for \(inputs.count) inputs")
        }
        var terms = inputs.map(\.output)
        for (index, factor) in factors.enumerated() where factor != 1 {
            let constant = graph.scalar(factor)
            terms[index] = graph.multiply(terms[index], constant, name: layer.nodeName + "/term\(index)")
        }
        var sum = terms[0]
        for (index, term) in terms.enumerated().dropFirst() {
            let isLast = index == terms.count - 1
            sum = graph.elementwise(type, sum, term, name: layer.nodeName + (isLast ? "" : "/sum\(index)"))
        }
        var result = first.with(sum)
        result.reach = inputs.map(\.reach).max() ?? first.reach
        return result
    }
}

/// The operations of `BinaryOp`, by their numbers.
private enum BinaryOperation: Int {
    case add = 0
    case subtract
    case multiply
    case divide
    case maximum
    case minimum
    case power
    case reverseSubtract
    case reverseDivide
    case reversePower

    /// The second operand comes first.
    var isReversed: Bool { rawValue >= BinaryOperation.reverseSubtract.rawValue }

    /// The name in OpenVINO's operation set.
    var type: String {
        switch self {
        case .add: "Add"
        case .subtract, .reverseSubtract: "Subtract"
        case .multiply: "Multiply"
        case .divide, .reverseDivide: "Divide"
        case .maximum: "Maximum"
        case .minimum: "Minimum"
        case .power, .reversePower: "Power"
        }
    }
}
