/// A network as the steps that compute it: `layers.json`, as the import writes it. Tensors are numbered; the picture is 0.
struct UpscalerPlan: Decodable {
    struct Step: Decodable {
        enum Kind: String, Decodable {
            case convolution
            case sum
            case join
            case `repeat`
            case shuffle
        }

        var kind: Kind
        var inputs: [Int]
        var output: Int
        var channels: Int
        var factor: Int?
        var factors: [Float]?
        var weights: StoredNumbers?
        var bias: StoredNumbers?
        var slope: Float?
        var slopes: StoredNumbers?
        var addend: Int?

        /// All tensors that it reads.
        var reads: [Int] { inputs + (addend.map { [$0] } ?? []) }
    }

    /// None where only the network's graph says what it computes.
    var steps: [Step]

    static let fileName = "layers.json"
}
