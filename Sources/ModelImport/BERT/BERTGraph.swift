import NetworkPlans

/// The graph of a BERT encoder (Devlin et al., 2018, "BERT: Pre-training of Deep Bidirectional Transformers";
/// Vaswani et al., 2017, "Attention Is All You Need").
struct BERTGraph {
    private(set) var graph: IRGraph
    private let configuration: BERTConfiguration

    init(_ configuration: BERTConfiguration) {
        self.configuration = configuration
        graph = IRGraph(name: configuration.family.rawValue)
    }

    mutating func build(_ weights: BERTWeights) throws(ModelImportError) {
        let tokens = graph.parameter("input_ids", .i64, [nil, nil])
        let mask = graph.parameter("attention_mask", .i64, [nil, nil])
        let scoreMask = scoreMask(mask)
        var hidden = try embed(tokens, weights)
        for index in 0..<configuration.layers {
            hidden = layer(hidden, scoreMask, try weights.layer(index), name: "layer\(index)")
        }
        graph.result(hidden, name: "last_hidden_state")
    }

    /// What is added to the scores of attention: 0 for tokens, and for padding so much less that its share vanishes.
    private mutating func scoreMask(_ mask: IROutput) -> IROutput {
        let one = graph.scalar(Float(1))
        // Far below every score, far above the least number of 16 bits.
        let depth = graph.scalar(Float(-1e4))
        let numbers = graph.unsqueeze(graph.convert(mask, to: .f32), axes: [1, 2])
        return graph.multiply(graph.subtract(one, numbers), depth, name: "score_mask")
    }

    private mutating func embed(_ tokens: IROutput, _ weights: BERTWeights) throws(ModelImportError) -> IROutput {
        let words = weight(try weights.table("word_embeddings", rows: configuration.vocabulary))
        var sum = graph.gather(words, indices: tokens, name: "embeddings/words")
        sum = graph.add(sum, rows(of: try positions(weights), asManyAs: tokens), name: "embeddings/positions")
        return norm(sum, try weights.embeddingNorm(), name: "embeddings/norm")
    }

    /// The table of positions, and in each of its rows what every token has for its type: a text alone is of type 0.
    private mutating func positions(_ weights: BERTWeights) throws(ModelImportError) -> IROutput {
        let positions = weight(try weights.table("position_embeddings", rows: configuration.positions))
        guard configuration.tokenTypes > 0 else { return positions }
        var types = try weights.table("token_type_embeddings", rows: configuration.tokenTypes)
        types.tensor = types.tensor.firstRow
        return graph.add(positions, weight(types), name: "embeddings/typed_positions")
    }

    /// The rows of the table of positions for one text, [tokens, width]: those from the first position on.
    private mutating func rows(of table: IROutput, asManyAs tokens: IROutput) -> IROutput {
        let length = graph.gather(graph.shapeOf(tokens), indices: graph.constant([1]))
        let first = graph.constant([configuration.firstPosition])
        return graph.slice(
            table, from: [configuration.firstPosition], to: graph.add(length, first), axes: [0],
            name: "embeddings/position_rows")
    }

    private mutating func layer(
        _ input: IROutput, _ mask: IROutput, _ weights: BERTWeights.Layer, name: String
    ) -> IROutput {
        let attended = attention(input, mask, weights, name: name + "/attention")
        let middle = norm(
            graph.add(linear(attended, weights.attentionOutput, name: name + "/attention/output"), input),
            weights.attentionNorm, name: name + "/attention/norm")
        let inner = activation(linear(middle, weights.expansion, name: name + "/expansion"), name: name + "/activation")
        return norm(
            graph.add(linear(inner, weights.contraction, name: name + "/contraction"), middle), weights.outputNorm,
            name: name + "/norm")
    }

    private mutating func attention(
        _ input: IROutput, _ mask: IROutput, _ weights: BERTWeights.Layer, name: String
    ) -> IROutput {
        let query = heads(linear(input, weights.query, name: name + "/query"))
        let key = heads(linear(input, weights.key, name: name + "/key"))
        let value = heads(linear(input, weights.value, name: name + "/value"))
        let attended = graph.scaledDotProductAttention(query: query, key: key, value: value, mask: mask, name: name)
        return graph.reshape(graph.transpose(attended, order: [0, 2, 1, 3]), to: [0, 0, configuration.width])
    }

    /// [texts, tokens, width] to [texts, heads, tokens, head width].
    private mutating func heads(_ input: IROutput) -> IROutput {
        graph.transpose(
            graph.reshape(input, to: [0, 0, configuration.heads, configuration.headWidth]), order: [0, 2, 1, 3])
    }

    private mutating func activation(_ input: IROutput, name: String) -> IROutput {
        switch configuration.activation {
        case .gelu: graph.gelu(input, name: name)
        case .approximateGELU: graph.gelu(input, approximate: true, name: name)
        case .relu: graph.relu(input, name: name)
        }
    }

    private mutating func linear(_ input: IROutput, _ weights: BERTWeights.Linear, name: String) -> IROutput {
        graph.linear(input, weight: weight(weights.weight), bias: weight(weights.bias), name: name)
    }

    private mutating func norm(_ input: IROutput, _ weights: BERTWeights.Norm, name: String) -> IROutput {
        graph.layerNorm(
            input, scale: weight(weights.scale), shift: weight(weights.shift), epsilon: configuration.epsilon,
            name: name)
    }

    private mutating func weight(_ weight: BERTWeights.Weight) -> IROutput {
        graph.weight(weight.tensor.type, weight.tensor.shape, weight.tensor.data, name: weight.name)
    }
}
