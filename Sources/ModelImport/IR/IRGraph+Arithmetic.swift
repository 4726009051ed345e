extension IRGraph {
    package mutating func add(_ a: IROutput, _ b: IROutput, name: String? = nil) -> IROutput {
        elementwise("Add", a, b, name: name)
    }

    package mutating func subtract(_ a: IROutput, _ b: IROutput, name: String? = nil) -> IROutput {
        elementwise("Subtract", a, b, name: name)
    }

    package mutating func multiply(_ a: IROutput, _ b: IROutput, name: String? = nil) -> IROutput {
        elementwise("Multiply", a, b, name: name)
    }

    /// An operation on two tensors whose shapes are broadcast to each other as numpy does.
    package mutating func elementwise(
        _ type: String, _ a: IROutput, _ b: IROutput, result: IRElementType? = nil, name: String? = nil
    ) -> IROutput {
        add(
            type, attributes: ["auto_broadcast": .text("numpy")], inputs: [a, b],
            result: IRPort(result ?? a.type, IRGraph.broadcast(a.shape, b.shape)), name: name)
    }

    /// An operation of one input that keeps the shape.
    package mutating func map(
        _ type: String, _ input: IROutput, version: String = "opset1",
        attributes: KeyValuePairs<String, IRAttribute> = [:], name: String? = nil
    ) -> IROutput {
        add(
            type, version: version, attributes: attributes, inputs: [input],
            result: IRPort(input.type, input.shape), name: name)
    }

    package mutating func convert(_ input: IROutput, to type: IRElementType, name: String? = nil) -> IROutput {
        guard input.type != type else { return input }
        return add(
            "Convert", attributes: ["destination_type": .text(type.rawValue)], inputs: [input],
            result: IRPort(type, input.shape), name: name)
    }

    /// The product over the last dimension of `a` and the first of the two last of `b`, or its last where `b` is
    /// transposed, as weights of shape [outputs, inputs] are. Leading dimensions are broadcast.
    package mutating func matMul(
        _ a: IROutput, _ b: IROutput, transposeB: Bool = false, name: String? = nil
    ) -> IROutput {
        let columns = transposeB ? b.shape[b.rank - 2] : b.shape[b.rank - 1]
        let batch = IRGraph.broadcast(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
        return add(
            "MatMul", attributes: ["transpose_a": .truth(false), "transpose_b": .truth(transposeB)], inputs: [a, b],
            result: IRPort(a.type, batch + [a.shape[a.rank - 2], columns]), name: name)
    }

    /// `input · weightᵀ + bias`, with a weight of shape [outputs, inputs] and a bias of shape [outputs].
    package mutating func linear(
        _ input: IROutput, weight: IROutput, bias: IROutput?, name: String? = nil
    ) -> IROutput {
        guard let bias else { return matMul(input, weight, transposeB: true, name: name) }
        let product = matMul(input, weight, transposeB: true, name: name.map { $0 + "/product" })
        return add(product, bias, name: name)
    }

    /// Layer normalisation over the last dimension: mean 0 and variance 1, then scaled and shifted.
    package mutating func layerNorm(
        _ input: IROutput, scale: IROutput, shift: IROutput?, epsilon: Float, name: String? = nil
    ) -> IROutput {
        let axis = constant([-1])
        let normal = add(
            "MVN", version: "opset6",
            attributes: [
                "normalize_variance": .truth(true), "eps": .number(epsilon), "eps_mode": .text("inside_sqrt"),
            ],
            inputs: [input, axis], result: IRPort(input.type, input.shape), name: name.map { $0 + "/normal" })
        guard let shift else { return multiply(normal, scale, name: name) }
        let scaled = multiply(normal, scale, name: name.map { $0 + "/scaled" })
        return add(scaled, shift, name: name)
    }

    /// `softmax(query · keyᵀ / √width + mask) · value` over the last two dimensions, [tokens, width] each.
    ///
    /// - Parameter mask: added to the scores, broadcast to [..., queries, keys]; nothing where `nil`.
    package mutating func scaledDotProductAttention(
        query: IROutput, key: IROutput, value: IROutput, mask: IROutput?, name: String? = nil
    ) -> IROutput {
        add(
            "ScaledDotProductAttention", version: "opset13", attributes: ["causal": .truth(false)],
            inputs: [query, key, value] + (mask.map { [$0] } ?? []),
            result: IRPort(query.type, Array(query.shape.dropLast()) + [value.shape[value.rank - 1]]), name: name)
    }

    /// The shape of two shapes broadcast to each other as numpy does; `nil` where one of them decides at run time.
    static func broadcast(_ a: [Int?], _ b: [Int?]) -> [Int?] {
        let rank = max(a.count, b.count)
        let a = [Int?](repeating: 1, count: rank - a.count) + a
        let b = [Int?](repeating: 1, count: rank - b.count) + b
        return zip(a, b).map { pair in
            switch pair {
            case (1, let other): other
            case (let other, 1): other
            case (let first?, _): first
            case (nil, let second): second
            }
        }
    }
}
