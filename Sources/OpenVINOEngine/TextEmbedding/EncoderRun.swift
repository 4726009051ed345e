import OpenVINORuntime

/// One infer request of an encoder with its tensors, used by one thread.
final class EncoderRun {
    private let request: InferenceRequest
    private let ports: EncoderPorts
    private let pooling: Pooling
    private let paddingToken: Int32
    private var inputs: [(role: EncoderPorts.Role, tensor: TokenTensor)] = []

    init(_ model: CompiledModel, ports: EncoderPorts, pooling: Pooling, paddingToken: Int32) throws(OpenVINOError) {
        request = try model.makeRequest()
        self.ports = ports
        self.pooling = pooling
        self.paddingToken = paddingToken
        for input in ports.inputs { inputs.append((input.role, try TokenTensor(isWide: input.isWide))) }
    }

    /// Computes the vectors of a batch of texts.
    ///
    /// - Parameters:
    ///   - texts: their tokens, none longer than the row.
    ///   - rowLength: tokens of a row.
    /// - Returns: row after row, not of unit length.
    func vectors(of texts: [[Int32]], rowLength: Int) throws(OpenVINOError) -> [Float] {
        let (rows, length) = (ports.rows ?? texts.count, ports.length ?? rowLength)
        precondition(texts.count <= rows && texts.allSatisfy { $0.count <= length }, "the batch fits its rows")
        for (role, tensor) in inputs {
            try tensor.reshape([rows, length])
            tensor.fill(rows: rows, length: length) { row, column in
                value(role, row < texts.count ? texts[row] : [], column)
            }
            try tensor.set(role.rawValue, of: request)
        }
        try request.infer()
        let output = try request.output(ports.output, as: Float.self)
        return output.withElements { pooled($0, texts: texts, length: length) }
    }

    @inline(__always)
    private func value(_ role: EncoderPorts.Role, _ text: [Int32], _ column: Int) -> Int32 {
        switch role {
        case .tokens: column < text.count ? text[column] : paddingToken
        // A row without a text attends to its first token: to none would be a division by zero.
        case .mask: column < max(1, text.count) ? 1 : 0
        case .types: 0
        case .positions: Int32(truncatingIfNeeded: column)
        }
    }

    private func pooled(_ output: UnsafeBufferPointer<Float>, texts: [[Int32]], length: Int) -> [Float] {
        let width = ports.width
        if ports.isPooled { return Array(output.prefix(texts.count * width)) }
        return Array(unsafeUninitializedCapacity: texts.count * width) { vectors, count in
            for (row, text) in texts.enumerated() {
                let start = row * length * width
                pooling.pool(
                    UnsafeBufferPointer(rebasing: output[start..<start + text.count * width]),
                    into: UnsafeMutableBufferPointer(rebasing: vectors[row * width..<(row + 1) * width]))
            }
            count = texts.count * width
        }
    }
}

/// An input of whole numbers, of the width that the graph wants.
private enum TokenTensor {
    case narrow(Tensor<Int32>)
    case wide(Tensor<Int64>)

    init(isWide: Bool) throws(OpenVINOError) {
        self = isWide ? .wide(try Tensor(shape: [1, 1])) : .narrow(try Tensor(shape: [1, 1]))
    }

    func reshape(_ shape: [Int]) throws(OpenVINOError) {
        switch self {
        case .narrow(let tensor): try tensor.reshape(shape)
        case .wide(let tensor): try tensor.reshape(shape)
        }
    }

    func set(_ name: String, of request: InferenceRequest) throws(OpenVINOError) {
        switch self {
        case .narrow(let tensor): try request.setInput(name, tensor)
        case .wide(let tensor): try request.setInput(name, tensor)
        }
    }

    @inline(__always)
    func fill(rows: Int, length: Int, _ value: (_ row: Int, _ column: Int) -> Int32) {
        switch self {
        case .narrow(let tensor): fill(tensor, rows, length, value)
        case .wide(let tensor): fill(tensor, rows, length, value)
        }
    }

    @inline(__always)
    private func fill<Element: TensorElement & FixedWidthInteger>(
        _ tensor: Tensor<Element>, _ rows: Int, _ length: Int, _ value: (Int, Int) -> Int32
    ) {
        tensor.withMutableElements { elements in
            for row in 0..<rows {
                for column in 0..<length { elements[row * length + column] = Element(value(row, column)) }
            }
        }
    }
}
