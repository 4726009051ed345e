import OpenVINORuntime

/// What one lane computes with: an infer request of each tower.
final class CLIPRun {
    private let text: EncoderRun
    private let vision: VisionRun
    private let end: Int32
    private let pictureSize: Int

    /// - Parameter padding: the token that ends texts. The text tower takes the state at the first of these, and sees
    ///   nothing of what stands behind it.
    init(_ towers: CLIPTowers, padding: Int32) throws(OpenVINOError) {
        text = try EncoderRun(towers.text, ports: towers.textPorts, pooling: .mean, paddingToken: padding)
        vision = try VisionRun(towers.vision, ports: towers.visionPorts)
        end = padding
        pictureSize = 3 * towers.visionPorts.side * towers.visionPorts.side
    }

    /// - Returns: row after row, not of unit length.
    func vectors(of work: CLIPScheduler.Work) throws(OpenVINOError) -> [Float] {
        var texts: [[Int32]] = []
        var pictures: [[Float]] = []
        for input in work.inputs {
            switch input {
            case .text(let tokens): texts.append(tokens)
            case .picture(let values): pictures.append(values)
            }
        }
        precondition(texts.isEmpty || pictures.isEmpty, "a batch is of one kind")
        return texts.isEmpty
            ? try vision.vectors(of: pictures) : try text.vectors(of: texts, rowLength: work.rowLength)
    }

    /// Computes something with either tower, so that the first request finds memory and code in place.
    func warmUp() throws(OpenVINOError) {
        _ = try text.vectors(of: [[end]], rowLength: 8)
        _ = try vision.vectors(of: [Array(repeating: 0, count: pictureSize)])
    }
}
