/// The parts that Whisper's graphs are built of (Radford et al., 2022; Vaswani et al., 2017, with the norm before each part
/// instead of behind it).
struct WhisperLayers {
    var graph: IRGraph
    let dimensions: WhisperDimensions

    /// Keys and values of cross-attention between the graphs. Of all types bf16 was the fastest to multiply with at one
    /// token a step, where reading them is most of the work, and the texts were the same as with f32.
    static let crossType = IRElementType.bf16

    private static let epsilon: Float = 1e-5

    mutating func linear(_ input: IROutput, _ weights: WhisperLinear, name: String) -> IROutput {
        let matrix = wide(quantized(weights.weight), weights.weight)
        return graph.linear(input, weight: matrix, bias: weight(weights.bias), name: name)
    }

    mutating func norm(_ input: IROutput, _ weights: WhisperNorm, name: String) -> IROutput {
        graph.layerNorm(
            input, scale: weight(weights.scale), shift: weight(weights.shift), epsilon: Self.epsilon, name: name)
    }

    mutating func weight(_ weight: WhisperWeight) -> IROutput {
        graph.weight(weight.type, weight.shape, weight.data, name: weight.name)
    }

    /// A matrix in 8 bits, and what each group of its numbers is multiplied by.
    typealias Quantized = (numbers: IROutput, scales: IROutput)

    mutating func quantized(_ weight: WhisperWeight) -> Quantized {
        let groups = GroupQuantization(weight.type, weight.shape, weight.data)
        let numbers = graph.constant(
            .i8, [groups.rows, groups.groups, groups.size], groups.numbers, name: weight.name + "/numbers")
        let scales = graph.constant(
            .f32, [groups.rows, groups.groups, 1], groups.scales, name: weight.name + "/scales")
        return (numbers, scales)
    }

    /// The matrix as the graph computes with it, in f32. OpenVINO keeps the small form.
    mutating func wide(_ matrix: Quantized, _ weight: WhisperWeight) -> IROutput {
        graph.reshape(
            graph.multiply(graph.convert(matrix.numbers, to: .f32), matrix.scales), to: weight.shape, name: weight.name)
    }

    /// The matrix's rows for these tokens, [rows, tokens, width].
    mutating func rows(_ matrix: Quantized, of tokens: IROutput, name: String) -> IROutput {
        let numbers = graph.convert(graph.gather(matrix.numbers, indices: tokens), to: .f32)
        let scaled = graph.multiply(numbers, graph.gather(matrix.scales, indices: tokens))
        return graph.reshape(scaled, to: [0, 0, dimensions.width], name: name)
    }

    /// [rows, tokens, width] to [rows, heads, tokens, head width].
    mutating func heads(_ input: IROutput) -> IROutput {
        graph.transpose(
            graph.reshape(input, to: [0, 0, dimensions.heads, dimensions.headWidth]), order: [0, 2, 1, 3])
    }

    /// The way back.
    mutating func joined(_ input: IROutput) -> IROutput {
        graph.reshape(graph.transpose(input, order: [0, 2, 1, 3]), to: [0, 0, dimensions.width])
    }

    /// The product of two matrices of numbers of ``crossType``, as f32.
    mutating func crossProduct(
        _ input: IROutput, _ stored: IROutput, transposed: Bool, name: String
    ) -> IROutput {
        let narrow = graph.convert(input, to: Self.crossType)
        return graph.convert(graph.matMul(narrow, stored, transposeB: transposed, name: name), to: .f32)
    }

    /// `softmax(query · keyᵀ / √width)` of cross-attention: each token's shares of the sound.
    mutating func crossShares(_ query: IROutput, _ key: IROutput, name: String) -> IROutput {
        let scale = graph.scalar(1 / Float(dimensions.headWidth).squareRoot())
        let scores = crossProduct(graph.multiply(query, scale), key, transposed: true, name: name + "/scores")
        return graph.softmax(scores, name: name + "/shares")
    }

    mutating func feedForward(_ input: IROutput, _ weights: WhisperFeedForward, name: String) -> IROutput {
        let normal = norm(input, weights.norm, name: name + "/norm")
        let inner = graph.gelu(linear(normal, weights.expansion, name: name + "/expansion"), name: name + "/gelu")
        return graph.add(input, linear(inner, weights.contraction, name: name + "/contraction"), name: name)
    }
}

extension WhisperLayers {
    /// An input for a layer's keys or values of cross-attention, [1, heads, audio positions, head width].
    mutating func crossInput(_ kind: WhisperCross, _ layer: Int) -> IROutput {
        graph.parameter(
            kind.name(layer), Self.crossType,
            [1, dimensions.heads, dimensions.audioPositions, dimensions.headWidth])
    }

    /// What tokens after one another may see: themselves and those before. 0 there, and else so little that its share
    /// vanishes; [1, 1, tokens, positions].
    ///
    /// - Parameters:
    ///   - first: the position of the first token.
    ///   - end: the position behind the last.
    mutating func causalMask(from first: IROutput, to end: IROutput) -> IROutput {
        let positions = graph.range(graph.constant([0]), end)
        let own = graph.unsqueeze(graph.range(first, end), axes: [1])
        let isSeen = graph.elementwise("LessEqual", positions, own, result: .boolean)
        let seen = graph.scalar(Float(0))
        // The least number of f16.
        let unseen = graph.scalar(Float(-65504))
        let mask = graph.add(
            "Select", attributes: ["auto_broadcast": .text("numpy")], inputs: [isSeen, seen, unseen],
            result: IRPort(.f32, [nil, nil]))
        return graph.unsqueeze(mask, axes: [0, 1], name: "causal_mask")
    }
}

/// What the encoder hands to each layer of the decoder.
enum WhisperCross: String {
    case key = "cross_key"
    case value = "cross_value"

    func name(_ layer: Int) -> String { "\(rawValue).\(layer)" }
}
