/// A network that enlarges pictures as the steps that compute it: `layers.json`. Tensors are numbered; the picture is 0, and
/// the last step makes the result.
///
/// Steps are of the few kinds that Real-ESRGAN's networks are made of. A network with layers of another kind has no steps:
/// only its graph says what it computes.
package struct UpscalerPlan: Codable, Sendable {
    package struct Step: Codable, Sendable {
        package enum Kind: String, Codable, Sendable {
            /// 3 × 3 pixels, padded with zeros; with an `addend` it is added to another tensor.
            case convolution
            /// Of two tensors, each times its factor.
            case sum
            /// The channels of several tensors.
            case join
            /// Each pixel as `factor` × `factor` pixels.
            case `repeat`
            /// Blocks of `factor` × `factor` channels as pixels.
            case shuffle
        }

        package var kind: Kind
        package var inputs: [Int]
        package var output: Int
        package var channels: Int
        package var factor: Int?
        /// Of a sum, one for each input; of a convolution with an addend, its own and the addend's.
        package var factors: [Float]?
        package var weights: StoredNumbers?
        package var bias: StoredNumbers?
        /// What a convolution's negative results are multiplied by, alike for all outputs or for each.
        package var slope: Float?
        package var slopes: StoredNumbers?
        /// What is added to a convolution's result.
        package var addend: Int?

        package init(
            kind: Kind, inputs: [Int], output: Int, channels: Int, factor: Int? = nil, factors: [Float]? = nil
        ) {
            self.kind = kind
            self.inputs = inputs
            self.output = output
            self.channels = channels
            self.factor = factor
            self.factors = factors
        }

        /// All tensors that it reads.
        package var reads: [Int] { inputs + (addend.map { [$0] } ?? []) }
    }

    package var steps: [Step]

    package static let fileName = "layers.json"

    package init(steps: [Step]) {
        self.steps = steps
    }
}
