import NetworkPlans

extension EncoderPlan {
    /// - Parameter places: of the graph that was built of these weights.
    init(_ configuration: BERTConfiguration, _ weights: BERTWeights, _ places: IRPlaces) throws(ModelImportError) {
        var layers: [Layer] = []
        for index in 0..<configuration.layers {
            let layer = try weights.layer(index)
            layers.append(
                Layer(
                    query: try places.of(layer.query), key: try places.of(layer.key),
                    value: try places.of(layer.value), attentionOutput: try places.of(layer.attentionOutput),
                    attentionNorm: try places.of(layer.attentionNorm), expansion: try places.of(layer.expansion),
                    gate: try layer.gate.map { gate throws(ModelImportError) in try places.of(gate) },
                    contraction: try places.of(layer.contraction), outputNorm: try places.of(layer.outputNorm)))
        }
        var type: StoredNumbers?
        if configuration.tokenTypes > 0 {
            type = try places.of(weights.table("token_type_embeddings", rows: configuration.tokenTypes))
        }
        var positions: StoredNumbers?
        if configuration.rotation == nil {
            positions = try places.of(weights.table("position_embeddings", rows: configuration.positions))
        }
        self.init(
            width: configuration.width, innerWidth: configuration.innerWidth, heads: configuration.heads,
            activation: configuration.activation, epsilon: configuration.epsilon,
            firstPosition: configuration.firstPosition,
            words: try places.of(weights.table("word_embeddings", rows: configuration.vocabulary)),
            positions: positions, rotation: configuration.rotation, type: type,
            embeddingNorm: try places.of(weights.embeddingNorm()), layers: layers)
    }
}

extension IRPlaces {
    fileprivate func of(_ weight: BERTWeights.Weight) throws(ModelImportError) -> StoredNumbers {
        guard let place = self[weight.name] else {
            throw ModelImportError(.malformed, "The graph was written without '\(weight.name)'.")
        }
        return place
    }

    fileprivate func of(_ linear: BERTWeights.Linear) throws(ModelImportError) -> EncoderPlan.Linear {
        EncoderPlan.Linear(
            weight: try of(linear.weight), bias: try linear.bias.map { bias throws(ModelImportError) in try of(bias) })
    }

    fileprivate func of(_ norm: BERTWeights.Norm) throws(ModelImportError) -> EncoderPlan.Norm {
        EncoderPlan.Norm(scale: try of(norm.scale), shift: try of(norm.shift))
    }
}
