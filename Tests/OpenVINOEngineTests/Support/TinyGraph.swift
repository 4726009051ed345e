/// Writes a graph as IR text. Constants lie one after the other in the `.bin` file.
struct TinyGraph {
    struct Output {
        var layer: Int
        var port: Int
        var shape: [Int]
    }

    let name: String
    private(set) var weights: [UInt8] = []
    private var layers: [String] = []
    private var edges: [String] = []

    init(name: String) { self.name = name }

    mutating func input(_ name: String, _ type: String, _ shape: [Int]) -> Output {
        let extents = shape.map { $0 < 0 ? "?" : "\($0)" }.joined(separator: ",")
        return add("Parameter", [], type, shape, ["shape": extents, "element_type": type], name: name)
    }

    mutating func constant<Element: BitwiseCopyable>(_ values: [Element], _ type: String, _ shape: [Int]) -> Output {
        let bytes = values.withUnsafeBytes(Array.init)
        let extents = shape.map(String.init).joined(separator: ",")
        let data = [
            "element_type": type, "shape": extents, "offset": "\(weights.count)", "size": "\(bytes.count)",
        ]
        weights += bytes
        return add("Const", [], type, shape, data, name: "constant\(layers.count)")
    }

    mutating func layer(
        _ kind: String, _ inputs: [Output], _ type: String, _ shape: [Int], _ data: [String: String] = [:],
        name: String? = nil, opset: Int = 1
    ) -> Output {
        add(kind, inputs, type, shape, data, name: name ?? "\(kind)\(layers.count)", opset: opset)
    }

    mutating func result(_ output: Output) {
        _ = add("Result", [output], "", [], [:], name: "result\(layers.count)")
    }

    var xml: String {
        """
        <?xml version="1.0"?>
        <net name="\(name)" version="11">
        <layers>\(layers.joined())</layers>
        <edges>\(edges.joined())</edges>
        </net>
        """
    }

    private mutating func add(
        _ kind: String, _ inputs: [Output], _ type: String, _ shape: [Int], _ data: [String: String], name: String,
        opset: Int = 1
    ) -> Output {
        let id = layers.count
        var text = "<layer id=\"\(id)\" name=\"\(name)\" type=\"\(kind)\" version=\"opset\(opset)\">"
        if !data.isEmpty {
            let attributes = data.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
            text += "<data \(attributes.joined(separator: " "))/>"
        }
        if !inputs.isEmpty {
            text += "<input>"
            for (place, input) in inputs.enumerated() {
                text += "<port id=\"\(place)\">\(Self.extents(input.shape))</port>"
                edges.append(
                    "<edge from-layer=\"\(input.layer)\" from-port=\"\(input.port)\" to-layer=\"\(id)\" "
                        + "to-port=\"\(place)\"/>")
            }
            text += "</input>"
        }
        if kind != "Result" {
            let precision = type == "f32" ? "FP32" : type.uppercased()
            text += "<output><port id=\"\(inputs.count)\" precision=\"\(precision)\" names=\"\(name)\">"
            text += "\(Self.extents(shape))</port></output>"
        }
        layers.append(text + "</layer>")
        return Output(layer: id, port: inputs.count, shape: shape)
    }

    private static func extents(_ shape: [Int]) -> String { shape.map { "<dim>\($0)</dim>" }.joined() }
}
