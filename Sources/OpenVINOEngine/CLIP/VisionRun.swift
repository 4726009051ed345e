import OpenVINORuntime

/// One infer request of a vision tower with its input, used by one thread.
final class VisionRun {
    private let request: InferenceRequest
    private let ports: VisionPorts
    private let pixels: Tensor<Float>

    init(_ model: CompiledModel, ports: VisionPorts) throws(OpenVINOError) {
        request = try model.makeRequest()
        self.ports = ports
        pixels = try Tensor(shape: [ports.rows ?? 1, 3, ports.side, ports.side])
    }

    /// Computes the vectors of a batch of pictures.
    ///
    /// - Parameter pictures: the values of each, shape `[3, side, side]`; where the graph fixes how many, any number.
    /// - Returns: row after row, not of unit length.
    func vectors(of pictures: [[Float]]) throws(OpenVINOError) -> [Float] {
        var vectors: [Float] = []
        vectors.reserveCapacity(pictures.count * ports.width)
        let rows = ports.rows ?? max(1, pictures.count)
        for start in stride(from: 0, to: pictures.count, by: rows) {
            try append(pictures[start..<min(start + rows, pictures.count)], rows: rows, to: &vectors)
        }
        return vectors
    }

    private func append(
        _ pictures: ArraySlice<[Float]>, rows: Int, to vectors: inout [Float]
    ) throws(OpenVINOError) {
        try pixels.reshape([rows, 3, ports.side, ports.side])
        pixels.withMutableElements { values in
            // Rows without a picture are computed for nothing; they keep what was there.
            let size = values.count / rows
            for (row, picture) in pictures.enumerated() {
                precondition(picture.count == size, "a picture has the tower's size")
                _ = UnsafeMutableBufferPointer(rebasing: values[row * size..<(row + 1) * size])
                    .initialize(from: picture)
            }
        }
        try request.setInput(VisionPorts.input, pixels)
        try request.infer()
        let output = try request.output(VisionPorts.output, as: Float.self)
        output.withElements { vectors.append(contentsOf: $0.prefix(pictures.count * ports.width)) }
    }
}
