import CHalf
import Foundation
import Inference
import NetworkPlans

/// An encoder's weights, arranged for the kernels, in memory that stays where it is.
final class EncoderWeights: @unchecked Sendable {
    // Nothing changes once it is made.
    private var vectors: [UnsafeMutablePointer<Float>] = []
    private var matrices: [OpaquePointer] = []
    private let layers: UnsafeMutablePointer<half_layer>
    private(set) var encoder: half_encoder

    /// - Throws: ``Inference/InferenceError`` where the file does not hold what the plan says.
    init(_ plan: EncoderPlan, _ file: WeightFile) throws(InferenceError) {
        layers = .allocate(capacity: max(1, plan.layers.count))
        encoder = half_encoder()
        encoder.width = plan.width
        encoder.inner_width = plan.innerWidth
        encoder.heads = plan.heads
        encoder.activation = plan.activation.kernel
        encoder.epsilon = plan.epsilon
        encoder.layers = UnsafePointer(layers)
        encoder.layer_count = plan.layers.count
        encoder.embedding_norm_scale = try vector(plan.embeddingNorm.scale, plan.width, file)
        encoder.embedding_norm_shift = try vector(plan.embeddingNorm.shift, plan.width, file)
        // A gate is of each layer or of none.
        encoder.is_gated = plan.layers.contains { $0.gate != nil }
        if let rotation = plan.rotation {
            let angles = rotation.angles(headWidth: plan.width / plan.heads)
            encoder.cosines = keep(angles.map { Float(cos($0)) })
            encoder.sines = keep(angles.map { Float(sin($0)) })
        }
        for (index, layer) in plan.layers.enumerated() { layers[index] = try arrange(layer, plan, file) }
    }

    deinit {
        vectors.forEach { $0.deallocate() }
        matrices.forEach(half_matrix_destroy)
        layers.deallocate()
    }

    private func arrange(
        _ layer: EncoderPlan.Layer, _ plan: EncoderPlan, _ file: WeightFile
    ) throws(InferenceError) -> half_layer {
        let (width, inner) = (plan.width, plan.innerWidth)
        // Scores are divided by the root of a head's width (Vaswani et al. 2017); the queries are, once and for all.
        let factor = 1 / Float(width / plan.heads).squareRoot()
        var projection = try file.numbers(layer.query.weight, shape: [width, width]).map { $0 * factor }
        projection += try file.numbers(layer.key.weight, shape: [width, width])
        projection += try file.numbers(layer.value.weight, shape: [width, width])
        var bias = try biases(layer.query, width, file).map { $0 * factor }
        bias += try biases(layer.key, width, file)
        bias += try biases(layer.value, width, file)
        let expansion = try expansion(layer, plan, file)
        return half_layer(
            projection: matrix(projection, outputs: 3 * width, inputs: width), projection_bias: keep(bias),
            attention_output: try matrix(layer.attentionOutput.weight, outputs: width, inputs: width, file),
            attention_output_bias: keep(try biases(layer.attentionOutput, width, file)),
            attention_norm_scale: try vector(layer.attentionNorm.scale, width, file),
            attention_norm_shift: try vector(layer.attentionNorm.shift, width, file),
            expansion: expansion.matrix, expansion_bias: expansion.bias,
            contraction: try matrix(layer.contraction.weight, outputs: width, inputs: inner, file),
            contraction_bias: keep(try biases(layer.contraction, width, file)),
            norm_scale: try vector(layer.outputNorm.scale, width, file),
            norm_shift: try vector(layer.outputNorm.shift, width, file))
    }

    /// The gate's rows among the others', as the kernels want them.
    private func expansion(
        _ layer: EncoderPlan.Layer, _ plan: EncoderPlan, _ file: WeightFile
    ) throws(InferenceError) -> (matrix: OpaquePointer?, bias: UnsafePointer<Float>) {
        let (width, inner) = (plan.width, plan.innerWidth)
        let weights = try file.numbers(layer.expansion.weight, shape: [inner, width])
        let bias = try biases(layer.expansion, inner, file)
        guard encoder.is_gated else { return (matrix(weights, outputs: inner, inputs: width), keep(bias)) }
        guard let gate = layer.gate else { throw WeightFile.damaged }
        let gateWeights = try file.numbers(gate.weight, shape: [inner, width])
        let gateBias = try biases(gate, inner, file)
        let grain = EncoderPlan.gateGrain
        var (joint, jointBias): ([Float], [Float]) = ([], [])
        joint.reserveCapacity(2 * inner * width)
        for row in stride(from: 0, to: inner, by: grain) {
            joint += weights[row * width..<(row + grain) * width] + gateWeights[row * width..<(row + grain) * width]
            jointBias += bias[row..<row + grain] + gateBias[row..<row + grain]
        }
        return (matrix(joint, outputs: 2 * inner, inputs: width), keep(jointBias))
    }

    /// What is added to a product: zeros where nothing is.
    private func biases(
        _ linear: EncoderPlan.Linear, _ count: Int, _ file: WeightFile
    ) throws(InferenceError) -> [Float] {
        guard let place = linear.bias else { return [Float](repeating: 0, count: count) }
        return try file.numbers(place, shape: [count])
    }

    private func matrix(
        _ place: StoredNumbers, outputs: Int, inputs: Int, _ file: WeightFile
    ) throws(InferenceError) -> OpaquePointer? {
        matrix(try file.numbers(place, shape: [outputs, inputs]), outputs: outputs, inputs: inputs)
    }

    private func matrix(_ numbers: [Float], outputs: Int, inputs: Int) -> OpaquePointer? {
        guard let made = half_matrix_create(numbers, outputs, inputs) else { return nil }
        matrices.append(made)
        return made
    }

    private func vector(
        _ place: StoredNumbers, _ count: Int, _ file: WeightFile
    ) throws(InferenceError) -> UnsafePointer<Float> {
        keep(try file.numbers(place, shape: [count]))
    }

    private func keep(_ numbers: [Float]) -> UnsafePointer<Float> {
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: numbers.count)
        memory.initialize(from: numbers, count: numbers.count)
        vectors.append(memory)
        return UnsafePointer(memory)
    }
}

extension EncoderPlan.Activation {
    fileprivate var kernel: half_activation {
        switch self {
        case .gelu: half_gelu
        case .approximateGELU: half_gelu_by_tangent
        case .relu: half_relu
        case .silu: half_silu
        }
    }
}
