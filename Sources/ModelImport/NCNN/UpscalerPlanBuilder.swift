import NetworkPlans

extension UpscalerPlan {
    /// - Parameters:
    ///   - network: as it was translated.
    ///   - places: of the graph that it became.
    init(_ network: NCNNNetwork, _ places: IRPlaces) {
        var builder = UpscalerPlanBuilder(places: places)
        do {
            for layer in network.layers { try builder.add(layer) }
            self.init(steps: try builder.joined())
        } catch {
            self.init(steps: [])
        }
    }
}

/// Finds the steps of an ``UpscalerPlan``, and joins those of which one reads what the other makes. What the translation has refused is not looked at again.
struct UpscalerPlanBuilder {
    /// A layer that is no step of a plan.
    struct NotPlannable: Error {}

    private let places: IRPlaces
    private var steps: [UpscalerPlan.Step] = []
    /// The number of each blob's tensor, and the tensors' channels.
    private var numbers: [String: Int] = [:]
    private var channels: [Int] = []

    init(places: IRPlaces) {
        self.places = places
    }

    mutating func add(_ layer: NCNNLayer) throws(NotPlannable) {
        var layer = layer
        do {
            try plan(&layer)
        } catch {
            throw NotPlannable()
        }
    }

    private mutating func plan(_ layer: inout NCNNLayer) throws {
        let inputs = try layer.inputs.map { name in
            guard let number = numbers[name] else { throw NotPlannable() }
            return number
        }
        switch layer.kind {
        case "Input": name(layer.outputs, tensor(of: 3))
        case "Split": name(layer.outputs, inputs[0])
        case "Convolution": try convolution(&layer, inputs[0])
        case "PReLU": try prelu(&layer, inputs[0])
        case "Concat": append(.init(kind: .join, inputs: inputs, output: 0, channels: total(inputs)), layer)
        case "BinaryOp":
            guard try layer.parameters.integer(0) == 0, try layer.parameters.integer(1) == 0 else {
                throw NotPlannable()
            }
            try sum(inputs, [1, 1], layer)
        case "Eltwise":
            guard try layer.parameters.integer(0) == 1 else { throw NotPlannable() }
            let factors = try layer.parameters.array(1)
            try sum(inputs, factors.isEmpty ? [1, 1] : factors, layer)
        case "Interp":
            let factor = try layer.parameters.number(1, default: 1)
            guard try layer.parameters.integer(0) == 1, try layer.parameters.number(2, default: 1) == factor,
                let whole = Int(exactly: factor), whole >= 1
            else { throw NotPlannable() }
            append(
                .init(kind: .repeat, inputs: inputs, output: 0, channels: channels[inputs[0]], factor: whole), layer)
        case "PixelShuffle":
            let factor = try layer.parameters.integer(0, default: 1)
            guard try layer.parameters.integer(1) == 0 else { throw NotPlannable() }
            let made = channels[inputs[0]] / (factor * factor)
            append(.init(kind: .shuffle, inputs: inputs, output: 0, channels: made, factor: factor), layer)
        default: throw NotPlannable()
        }
    }

    private mutating func convolution(_ layer: inout NCNNLayer, _ input: Int) throws {
        let shape = try ConvolutionShape(&layer.parameters)
        let (one, three) = (ConvolutionShape.Directions(height: 1, width: 1), 3)
        guard shape.kernel.array == [three, three], shape.stride == one, shape.dilation == one, shape.before == one,
            shape.after == one, let weights = places[layer.nodeName + "/weight"]
        else { throw NotPlannable() }
        var step = UpscalerPlan.Step(kind: .convolution, inputs: [input], output: 0, channels: shape.outputs)
        step.weights = weights
        step.bias = places[layer.nodeName + "/bias"]
        switch try NCNNActivation(
            number: try layer.parameters.integer(9), arguments: try layer.parameters.array(10))
        {
        case .none: break
        case .relu(let slope): step.slope = slope
        default: throw NotPlannable()
        }
        append(step, layer)
    }

    /// Becomes a part of the convolution before it.
    private mutating func prelu(_ layer: inout NCNNLayer, _ input: Int) throws {
        guard let last = steps.indices.last, steps[last].output == input, steps[last].kind == .convolution,
            steps[last].slope == nil, steps[last].slopes == nil,
            let slopes = places[layer.nodeName + "/slope"], slopes.shape == [channels[input]]
        else { throw NotPlannable() }
        steps[last].slopes = slopes
        // Who reads the blob before the activation is found out in the end.
        steps[last].output = tensor(of: channels[input])
        name(layer.outputs, steps[last].output)
    }

    private mutating func sum(_ inputs: [Int], _ factors: [Float], _ layer: NCNNLayer) throws {
        guard inputs.count == 2, factors.count == 2, channels[inputs[0]] == channels[inputs[1]] else {
            throw NotPlannable()
        }
        append(
            .init(kind: .sum, inputs: inputs, output: 0, channels: channels[inputs[0]], factors: factors), layer)
    }

    private mutating func append(_ step: UpscalerPlan.Step, _ layer: NCNNLayer) {
        var step = step
        step.output = tensor(of: step.channels)
        steps.append(step)
        name(layer.outputs, step.output)
    }

    private mutating func tensor(of count: Int) -> Int {
        channels.append(count)
        return channels.count - 1
    }

    private mutating func name(_ blobs: [String], _ number: Int) {
        for blob in blobs { numbers[blob] = number }
    }

    private func total(_ tensors: [Int]) -> Int { tensors.reduce(0) { $0 + channels[$1] } }

    /// The steps, with sums that are a convolution's last word made a part of it.
    ///
    /// - Throws: ``NotPlannable`` where a tensor is read that no step makes.
    func joined() throws(NotPlannable) -> [UpscalerPlan.Step] {
        var readers: [Int: Int] = [:]
        for input in steps.flatMap(\.inputs) { readers[input, default: 0] += 1 }
        var joined: [UpscalerPlan.Step] = []
        var made: Set = [0]
        for step in steps {
            guard step.inputs.allSatisfy(made.contains) else { throw NotPlannable() }
            made.insert(step.output)
            guard let addition = Self.addition(of: step, to: joined.last, readers) else {
                joined.append(step)
                continue
            }
            joined[joined.count - 1] = addition
        }
        return joined
    }

    /// A convolution that makes the sum's result, where the sum is the only reader of what the convolution makes.
    private static func addition(
        of sum: UpscalerPlan.Step, to last: UpscalerPlan.Step?, _ readers: [Int: Int]
    ) -> UpscalerPlan.Step? {
        guard sum.kind == .sum, let factors = sum.factors, var step = last, step.kind == .convolution,
            step.addend == nil, readers[step.output] == 1, let own = sum.inputs.firstIndex(of: step.output)
        else { return nil }
        step.addend = sum.inputs[1 - own]
        step.factors = [factors[own], factors[1 - own]]
        step.output = sum.output
        return step
    }
}
