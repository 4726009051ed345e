import Inference
import OpenVINORuntime

/// The input and the output of a vision tower.
struct VisionPorts: Sendable, Equatable {
    static let input = "pixel_values"
    static let output = "image_embeds"
    /// Pictures a run, where the graph fixes them.
    var rows: Int?
    /// Both sides of a picture, in pixels.
    var side: Int
    /// Components of a vector.
    var width: Int

    /// - Parameter side: of the pictures that will be given.
    /// - Throws: ``Inference/InferenceError`` of kind `unsupported` where the graph is not CLIP's vision tower, or takes
    ///   pictures of another size.
    init(inputs: [Port], outputs: [Port], side: Int) throws(InferenceError) {
        guard inputs.count == 1, let pixels = inputs.first, pixels.name == Self.input, pixels.elementType == .float32,
            let shape = pixels.shape, shape.count == 4, (shape[1] ?? 3) == 3
        else { throw Self.unsupported("it has no input \(Self.input) of three float32 channels") }
        guard (shape[2] ?? side) == side, (shape[3] ?? side) == side else {
            throw Self.unsupported("its pictures do not have the \(side) × \(side) pixels they are prepared with")
        }
        guard let embeds = outputs.first(where: { $0.name == Self.output }), embeds.elementType == .float32,
            let vectors = embeds.shape, vectors.count == 2, let width = vectors[1]
        else { throw Self.unsupported("it has no output \(Self.output) of one float32 vector a picture") }
        self.side = side
        self.width = width
        rows = shape[0]
    }

    private static func unsupported(_ reason: String) -> InferenceError {
        InferenceError(.unsupported, "This model's vision tower cannot be served: \(reason).", parameter: "model")
    }
}
