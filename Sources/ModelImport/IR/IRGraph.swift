/// A graph of OpenVINO operations, built node by node and written as OpenVINO IR, version 11: an `.xml` file with the
/// nodes and a `.bin` file with the constants.
///
/// Operations are those of OpenVINO's operation sets, under their own names and attributes. A dimension that is only
/// known at run time is `nil`. The shapes of results are kept as far as the builder can tell them; OpenVINO infers them
/// again when it reads the file, and refuses a graph in which they do not fit.
package struct IRGraph: Sendable {
    struct Node: Sendable {
        var name: String
        var type: String
        var version: String
        var attributes: KeyValuePairs<String, IRAttribute>
        var inputs: [IROutput]
        var outputs: [IRPort]
        /// Marks of the kind `<attribute name="…" version="0"/>` that OpenVINO's passes look at.
        var runtimeMarks: [String] = []
        /// What a `Const` holds: an index of ``IRGraph/constants``.
        var constant: Int?
    }

    package let name: String
    private(set) var nodes: [Node] = []
    private(set) var constants: [IRData] = []
    private var smallConstants: [[UInt8]: Int] = [:]

    /// Constants up to this size are compared, and stored once: shapes, axes and scalars.
    private static let smallestUncompared = 4096

    package init(name: String) {
        self.name = name
    }

    /// Adds an operation.
    ///
    /// - Parameters:
    ///   - type: the operation's name, such as `MatMul`.
    ///   - version: the operation set that defined it, such as `opset1`.
    ///   - attributes: in the order in which they are to be written.
    ///   - results: the type and shape of each output.
    ///   - name: the node's name; one made of type and number where `nil`.
    @discardableResult
    package mutating func add(
        _ type: String, version: String = "opset1", attributes: KeyValuePairs<String, IRAttribute> = [:],
        inputs: [IROutput],
        results: [IRPort], name: String? = nil
    ) -> [IROutput] {
        append(
            Node(
                name: name ?? "\(type)_\(nodes.count)", type: type, version: version, attributes: attributes,
                inputs: inputs, outputs: results))
    }

    /// Adds an operation of one output.
    package mutating func add(
        _ type: String, version: String = "opset1", attributes: KeyValuePairs<String, IRAttribute> = [:],
        inputs: [IROutput],
        result: IRPort, name: String? = nil
    ) -> IROutput {
        add(type, version: version, attributes: attributes, inputs: inputs, results: [result], name: name)[0]
    }

    /// An input of the whole graph. The name is the tensor's too.
    package mutating func parameter(_ name: String, _ type: IRElementType, _ shape: [Int?]) -> IROutput {
        let attributes: KeyValuePairs<String, IRAttribute> = [
            "shape": .text(shape.map { $0.map(String.init) ?? "?" }.joined(separator: ",")),
            "element_type": .text(type.rawValue),
        ]
        let port = IRPort(type, shape, names: [name])
        return add("Parameter", attributes: attributes, inputs: [], result: port, name: name)
    }

    /// Makes an output of a node an output of the whole graph, and gives its tensor a name.
    package mutating func result(_ output: IROutput, name: String) {
        nodes[output.node].outputs[output.index].names.append(name)
        add("Result", inputs: [output], results: [], name: name + "/result")
    }

    /// A constant. Small ones of the same bytes share their place in the file.
    ///
    /// - Precondition: `data` has as many bytes as the type and shape ask for.
    package mutating func constant(
        _ type: IRElementType, _ shape: [Int], _ data: IRData, name: String? = nil
    ) -> IROutput {
        precondition(
            data.count == shape.reduce(type.byteCount, *), "A constant's bytes do not fit its type and shape.")
        return append(
            Node(
                name: name ?? "Const_\(nodes.count)", type: "Const", version: "opset1",
                attributes: ["element_type": .text(type.rawValue), "shape": .integers(shape)],
                inputs: [], outputs: [IRPort(type, shape)], constant: place(data)))[0]
    }

    private mutating func place(_ data: IRData) -> Int {
        guard let bytes = data.inline, bytes.count < IRGraph.smallestUncompared else {
            constants.append(data)
            return constants.count - 1
        }
        if let index = smallConstants[bytes] { return index }
        constants.append(data)
        smallConstants[bytes] = constants.count - 1
        return constants.count - 1
    }

    mutating func append(_ node: Node) -> [IROutput] {
        nodes.append(node)
        return node.outputs.indices.map { index in
            let port = node.outputs[index]
            return IROutput(node: nodes.count - 1, index: index, type: port.type, shape: port.shape)
        }
    }
}

/// One output of a node, as the input of others.
package struct IROutput: Sendable, Hashable {
    let node: Int
    let index: Int
    package let type: IRElementType
    /// `nil` is a dimension that is known at run time only.
    package let shape: [Int?]

    package var rank: Int { shape.count }
}

/// What a node's output is.
package struct IRPort: Sendable {
    var type: IRElementType
    var shape: [Int?]
    /// The names of the tensor, by which the program that runs the graph finds it.
    var names: [String]

    package init(_ type: IRElementType, _ shape: [Int?], names: [String] = []) {
        self.type = type
        self.shape = shape
        self.names = names
    }
}
