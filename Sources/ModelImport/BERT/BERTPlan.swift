/// A BERT encoder as its sizes and the places of its weights: `encoder.json`.
struct BERTPlan: PlanFile {
    struct Linear: Encodable {
        /// Of shape [outputs, inputs].
        var weight: IRPlace
        var bias: IRPlace
    }

    struct Norm: Encodable {
        var scale: IRPlace
        var shift: IRPlace
    }

    struct Layer: Encodable {
        var query: Linear
        var key: Linear
        var value: Linear
        var attentionOutput: Linear
        var attentionNorm: Norm
        var expansion: Linear
        var contraction: Linear
        var outputNorm: Norm
    }

    private var width: Int
    private var innerWidth: Int
    private var heads: Int
    private var activation: String
    private var epsilon: Float
    /// The row of the table of positions that the first token gets.
    private var firstPosition: Int
    private var words: IRPlace
    private var positions: IRPlace
    /// What every token has for its type; `nil` where the model knows no types.
    private var type: IRPlace?
    private var embeddingNorm: Norm
    private var layers: [Layer]

    static let fileName = "encoder.json"

    /// - Parameter places: of the graph that was built of these weights.
    init(
        _ configuration: BERTConfiguration, _ weights: BERTWeights, _ places: IRPlaces
    ) throws(ModelImportError) {
        width = configuration.width
        innerWidth = configuration.innerWidth
        heads = configuration.heads
        activation = configuration.activation.rawValue
        epsilon = configuration.epsilon
        firstPosition = configuration.firstPosition
        words = try places.of(weights.table("word_embeddings", rows: configuration.vocabulary))
        positions = try places.of(weights.table("position_embeddings", rows: configuration.positions))
        if configuration.tokenTypes > 0 {
            type = try places.of(weights.table("token_type_embeddings", rows: configuration.tokenTypes))
        }
        embeddingNorm = try places.of(weights.embeddingNorm())
        layers = []
        for index in 0..<configuration.layers {
            let layer = try weights.layer(index)
            layers.append(
                Layer(
                    query: try places.of(layer.query), key: try places.of(layer.key),
                    value: try places.of(layer.value), attentionOutput: try places.of(layer.attentionOutput),
                    attentionNorm: try places.of(layer.attentionNorm), expansion: try places.of(layer.expansion),
                    contraction: try places.of(layer.contraction), outputNorm: try places.of(layer.outputNorm)))
        }
    }
}

extension IRPlaces {
    fileprivate func of(_ weight: BERTWeights.Weight) throws(ModelImportError) -> IRPlace {
        guard let place = self[weight.name] else {
            throw ModelImportError(.malformed, "The graph was written without '\(weight.name)'.")
        }
        return place
    }

    fileprivate func of(_ linear: BERTWeights.Linear) throws(ModelImportError) -> BERTPlan.Linear {
        BERTPlan.Linear(weight: try of(linear.weight), bias: try of(linear.bias))
    }

    fileprivate func of(_ norm: BERTWeights.Norm) throws(ModelImportError) -> BERTPlan.Norm {
        BERTPlan.Norm(scale: try of(norm.scale), shift: try of(norm.shift))
    }
}
