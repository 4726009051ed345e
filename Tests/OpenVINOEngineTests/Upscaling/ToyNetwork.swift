import ModelImport
import OpenVINOEngine
import OpenVINORuntime
import TestSupport

/// A network in ncnn's format, written line by line.
struct ToyNetwork {
    private var lines: [String] = ["Input data 0 1 data"]
    private(set) var weights: [UInt8] = []
    private var blobs = 1

    /// A layer of one output; its weights follow by ``f32(_:)`` and so on.
    mutating func layer(_ kind: String, _ inputs: [String] = ["data"], _ output: String, _ parameters: String = "") {
        let head = "\(kind) \(kind)_\(lines.count) \(inputs.count) 1"
        lines.append("\(head) \(inputs.joined(separator: " ")) \(output) \(parameters)")
        blobs += 1
    }

    /// The same tensor under several names, as ncnn wants it where several layers take it.
    mutating func split(_ input: String, _ outputs: [String]) {
        lines.append("Split split_\(lines.count) 1 \(outputs.count) \(input) \(outputs.joined(separator: " "))")
        blobs += outputs.count
    }

    /// Weights of 32 bits, behind their mark.
    mutating func f32(_ values: [Float]) {
        weights += [0, 0, 0, 0]
        plain(values)
    }

    /// Weights of 16 bits, behind their mark. Values have at most 11 binary digits and are neither tiny nor huge.
    mutating func f16(_ values: [Float]) {
        weights += [0x47, 0x6B, 0x30, 0x01]
        for value in values {
            let bits = value.bitPattern
            let exponent = value == 0 ? 0 : Int((bits >> 23) & 0xFF) - 127 + 15
            let half = UInt16(bits >> 31) << 15 | UInt16(exponent) << 10 | UInt16((bits >> 13) & 0x3FF)
            weights += [UInt8(half & 0xFF), UInt8(half >> 8)]
        }
        if values.count % 2 == 1 { weights += [0, 0] }
    }

    /// Numbers without a mark: biases and slopes.
    mutating func plain(_ values: [Float]) {
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { weights += $0 } }
    }

    var text: String {
        (["7767517", "\(lines.count) \(blobs)"] + lines).joined(separator: "\n") + "\n"
    }

    /// Imports the network into a folder of its own.
    func imported() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try NCNNImport.convert(
            param: try folder.write("toy.param", text), weights: try folder.write("toy.bin", weights), into: folder.path
        )
        return folder
    }

    /// What OpenVINO computes with it in f32.
    func enlarge(_ picture: Planes) throws -> Planes {
        let folder = try imported()
        let core = try Core()
        let compiled = try core.compile(
            core.read("\(folder.path)/model.xml"), CompileOptions(precision: .f32, threads: 1))
        let request = try compiled.makeRequest()
        let input = try Tensor<Float>(shape: [1, picture.channels, picture.height, picture.width])
        input.withMutableElements { _ = $0.update(fromContentsOf: picture.values.map(Float.init)) }
        try request.setInput("data", input)
        try request.infer()
        let output = try request.output("output", as: Float.self)
        let shape = output.shape
        return Planes(shape[1], shape[2], shape[3], output.withElements { $0.map(Double.init) })
    }
}
