/// A network that enlarges pictures as the steps that compute it: `layers.json`. Tensors are numbered; the picture is 0.
///
/// Steps are of the few kinds that Real-ESRGAN's networks are made of, and joined where one reads what another made. A
/// network with layers of another kind has no steps: only its graph says what it computes.
struct UpscalerPlan: PlanFile {
    struct Step: Encodable {
        enum Kind: String, Encodable {
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

        var kind: Kind
        var inputs: [Int]
        var output: Int
        var channels: Int
        var factor: Int?
        /// Of a sum, one for each input; of a convolution with an addend, its own and the addend's.
        var factors: [Float]?
        var weights: IRPlace?
        var bias: IRPlace?
        /// What a convolution's negative results are multiplied by, alike for all outputs or for each.
        var slope: Float?
        var slopes: IRPlace?
        /// What is added to a convolution's result.
        var addend: Int?
    }

    private(set) var steps: [Step]

    static let fileName = "layers.json"

    /// - Parameters:
    ///   - network: as it was translated.
    ///   - places: of the graph that it became.
    init(_ network: NCNNNetwork, _ places: IRPlaces) {
        var builder = UpscalerPlanBuilder(places: places)
        do {
            for layer in network.layers { try builder.add(layer) }
            steps = try builder.joined()
        } catch {
            steps = []
        }
    }
}
