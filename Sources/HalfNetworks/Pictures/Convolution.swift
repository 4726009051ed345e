import CHalf
import Inference
import NetworkPlans

/// The weights of a convolution of 3 × 3 pixels, arranged for the kernels.
final class Convolution: @unchecked Sendable {
    // What it points to never changes.
    let pointer: OpaquePointer

    private static let kernel = 3

    /// - Throws: ``Inference/InferenceError`` where the file does not hold the weights that the step asks for.
    init(_ step: UpscalerPlan.Step, inputs: Int, _ file: WeightFile) throws(InferenceError) {
        guard let place = step.weights else { throw WeightFile.damaged }
        let outputs = step.channels
        let weights = try file.numbers(place, shape: [outputs, inputs, Self.kernel, Self.kernel])
        var bias = [Float](repeating: 0, count: outputs)
        if let place = step.bias { bias = try file.numbers(place, shape: [1, outputs, 1, 1]) }
        var slopes = [Float](repeating: step.slope ?? 1, count: outputs)
        if let place = step.slopes { slopes = try file.numbers(place, shape: [outputs]) }
        guard let pointer = half_convolution_create(weights, outputs, inputs, bias, slopes) else {
            throw WeightFile.damaged
        }
        self.pointer = pointer
    }

    deinit { half_convolution_destroy(pointer) }
}
