extension IRGraph {
    /// A vector or scalar of f32.
    package mutating func constant(_ values: [Float], shape: [Int]? = nil, name: String? = nil) -> IROutput {
        constant(.f32, shape ?? [values.count], IRData(values), name: name)
    }

    /// A vector of i64: axes, shapes and the like.
    package mutating func constant(_ values: [Int], name: String? = nil) -> IROutput {
        constant(.i64, [values.count], IRData(values.map(Int64.init)), name: name)
    }

    /// One f32 of rank 0.
    package mutating func scalar(_ value: Float) -> IROutput {
        constant([value], shape: [])
    }

    /// One i64 of rank 0.
    package mutating func scalar(_ value: Int) -> IROutput {
        constant(.i64, [], IRData([Int64(value)]))
    }

    /// A weight that the graph computes with in f32, whatever width it is stored in.
    ///
    /// Weights of 16 bits are widened by a `Convert` that is marked as their decompression: OpenVINO then keeps the
    /// small form, and plugins that compute in it take it as it is.
    package mutating func weight(
        _ type: IRElementType, _ shape: [Int], _ data: IRData, name: String
    ) -> IROutput {
        guard type == .f16 || type == .bf16 else { return constant(type, shape, data, name: name) }
        let stored = constant(type, shape, data, name: name + Self.storedMark)
        return append(
            Node(
                name: name, type: "Convert", version: "opset1",
                attributes: ["destination_type": .text(IRElementType.f32.rawValue)], inputs: [stored],
                outputs: [IRPort(.f32, stored.shape)], runtimeMarks: ["decompression"]))[0]
    }

    /// Ends the name of the constant behind a weight that is widened.
    private static let storedMark = "/stored"

    /// The name of the weight that a constant is, or that is made of it.
    static func nameOfWeight(stored name: String) -> String {
        name.hasSuffix(storedMark) ? String(name.dropLast(storedMark.count)) : name
    }
}
