/// A BERT encoder as its sizes and the places of its weights: `encoder.json`, as the import writes it.
struct EncoderPlan: Decodable {
    struct Linear: Decodable {
        var weight: StoredNumbers
        var bias: StoredNumbers
    }

    struct Norm: Decodable {
        var scale: StoredNumbers
        var shift: StoredNumbers
    }

    struct Layer: Decodable {
        var query: Linear
        var key: Linear
        var value: Linear
        var attentionOutput: Linear
        var attentionNorm: Norm
        var expansion: Linear
        var contraction: Linear
        var outputNorm: Norm
    }

    enum Activation: String, Decodable {
        case gelu
        case approximateGELU = "gelu_tanh"
        case relu
    }

    var width: Int
    var innerWidth: Int
    var heads: Int
    var activation: Activation
    var epsilon: Float
    var firstPosition: Int
    var words: StoredNumbers
    var positions: StoredNumbers
    var type: StoredNumbers?
    var embeddingNorm: Norm
    var layers: [Layer]

    static let fileName = "encoder.json"

    /// What the kernels' registers ask for.
    private static let (panel, headGrain) = (64, 32)

    /// Whether the kernels can compute it.
    var isComputable: Bool {
        !layers.isEmpty && width > 0 && heads > 0 && innerWidth > 0 && width % Self.panel == 0
            && innerWidth % Self.panel == 0
            && width % heads == 0 && (width / heads) % Self.headGrain == 0
    }
}
