import Inference
import OpenVINORuntime

/// Which inputs and outputs of a graph make it a text encoder.
package struct EncoderPorts: Sendable, Equatable {
    /// What an input holds for each token of each row.
    package enum Role: String, Sendable, CaseIterable {
        case tokens = "input_ids"
        /// 1 for a token, 0 for padding.
        case mask = "attention_mask"
        /// 0 throughout: one text, no second.
        case types = "token_type_ids"
        /// 0, 1, 2 …
        case positions = "position_ids"
    }

    package struct Input: Sendable, Equatable {
        package var role: Role
        /// 64 bits, else 32.
        package var isWide: Bool

        package init(role: Role, isWide: Bool) {
            self.role = role
            self.isWide = isWide
        }
    }

    package var inputs: [Input]
    package var output: String
    /// Whether the output is one vector a row already, else one state a token.
    package var isPooled: Bool
    /// Components of a vector.
    package var width: Int
    /// Rows and length where the graph fixes them.
    package var rows: Int?
    package var length: Int?

    /// - Throws: ``Inference/InferenceError`` of kind `unsupported` where the graph is no text encoder.
    package init(inputs ports: [Port], outputs: [Port]) throws(InferenceError) {
        var inputs: [Input] = []
        for port in ports {
            guard let role = Role(rawValue: port.name), [.int32, .int64].contains(port.elementType) else {
                throw Self.unsupported("its input \(port.name) is not one of \(Self.known)")
            }
            inputs.append(Input(role: role, isWide: port.elementType == .int64))
        }
        guard let tokens = ports.first(where: { $0.name == Role.tokens.rawValue }) else {
            throw Self.unsupported("it has no input input_ids")
        }
        self.inputs = inputs
        if let shape = tokens.shape, shape.count == 2 { (rows, length) = (shape[0], shape[1]) }
        guard let (output, shape) = Self.choose(outputs), let width = shape.last ?? nil else {
            throw Self.unsupported("it has no output of token states or of vectors")
        }
        guard output.elementType == .float32 else {
            throw Self.unsupported("its output is \(output.elementType), not float32")
        }
        self.output = output.name
        self.width = width
        isPooled = shape.count == 2
    }

    /// The model's own pooling where the graph holds it, else the states; `pooler_output` is neither: it was trained
    /// to tell sentences apart, not to compare them.
    private static func choose(_ outputs: [Port]) -> (port: Port, shape: [Int?])? {
        for name in ["sentence_embedding", "last_hidden_state", "token_embeddings"] {
            if let port = outputs.first(where: { $0.name == name }), let shape = port.shape, 2...3 ~= shape.count {
                return (port, shape)
            }
        }
        guard let port = outputs.first(where: { $0.shape?.count == 3 }), let shape = port.shape else { return nil }
        return (port, shape)
    }

    private static var known: String { Role.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func unsupported(_ reason: String) -> InferenceError {
        InferenceError(.unsupported, "This model is no text encoder that can be served: \(reason).", parameter: "model")
    }
}
