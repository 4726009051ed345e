import NetworkPlans

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The graph of a BERT encoder (Devlin et al., 2018, "BERT: Pre-training of Deep Bidirectional Transformers";
/// Vaswani et al., 2017, "Attention Is All You Need"), and of nomic's kind: with rotated positions (``EncoderPlan/Rotation``)
/// and a gate (Shazeer, 2020, "GLU Variants Improve Transformer").
struct BERTGraph {
    private(set) var graph: IRGraph
    private var turns: Turns?
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
        // Once the words' table has shown that the sizes are those of the file.
        if let rotation = configuration.rotation { turns = makeTurns(rotation, tokens) }
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
        if configuration.rotation == nil {
            let rows = rows(of: try positions(weights), from: configuration.firstPosition, asManyAs: tokens)
            sum = graph.add(sum, rows, name: "embeddings/positions")
        } else if let type = try type(weights) {
            sum = graph.add(sum, type, name: "embeddings/typed")
        }
        return norm(sum, try weights.embeddingNorm(), name: "embeddings/norm")
    }

    /// The table of positions, and in each of its rows what every token has for its type: a text alone is of type 0.
    private mutating func positions(_ weights: BERTWeights) throws(ModelImportError) -> IROutput {
        let positions = weight(try weights.table("position_embeddings", rows: configuration.positions))
        guard let type = try type(weights) else { return positions }
        return graph.add(positions, type, name: "embeddings/typed_positions")
    }

    /// What every token has for its type; `nil` where the model knows no types.
    private mutating func type(_ weights: BERTWeights) throws(ModelImportError) -> IROutput? {
        guard configuration.tokenTypes > 0 else { return nil }
        var types = try weights.table("token_type_embeddings", rows: configuration.tokenTypes)
        types.tensor = types.tensor.firstRow
        return weight(types)
    }

    /// The rows of a table for the positions of one text, [tokens, columns]: those from the first on.
    private mutating func rows(
        of table: IROutput, from first: Int = 0, asManyAs tokens: IROutput, name: String = "embeddings/position_rows"
    ) -> IROutput {
        let length = graph.gather(graph.shapeOf(tokens), indices: graph.constant([1]))
        return graph.slice(
            table, from: [first], to: graph.add(length, graph.constant([first])), axes: [0], name: name)
    }

    /// How far the points of a head are turned at each position of a text, [tokens, head width] each.
    private struct Turns {
        var cosines: IROutput
        /// Negative for the first half, whose partners are subtracted.
        var sines: IROutput
    }

    private mutating func makeTurns(_ rotation: EncoderPlan.Rotation, _ tokens: IROutput) -> Turns {
        let angles = rotation.angles(headWidth: configuration.headWidth)
        let shape = [rotation.length, configuration.headWidth / 2]
        let cosines = rows(
            of: graph.constant(angles.map { Float(cos($0)) }, shape: shape), asManyAs: tokens, name: "rotation/cosines")
        let sines = rows(
            of: graph.constant(angles.map { Float(sin($0)) }, shape: shape), asManyAs: tokens, name: "rotation/sines")
        return Turns(
            cosines: graph.concat([cosines, cosines], axis: -1),
            sines: graph.concat([graph.multiply(sines, graph.scalar(Float(-1))), sines], axis: -1))
    }

    /// - Parameter heads: [texts, heads, tokens, head width].
    private mutating func turned(_ heads: IROutput, name: String) -> IROutput {
        guard let turns else { return heads }
        let halves = graph.split(heads, parts: 2, name: name + "/halves")
        let partners = graph.concat([halves[1], halves[0]], axis: -1, name: name + "/partners")
        return graph.add(
            graph.multiply(heads, turns.cosines), graph.multiply(partners, turns.sines), name: name + "/turned")
    }

    private mutating func layer(
        _ input: IROutput, _ mask: IROutput, _ weights: BERTWeights.Layer, name: String
    ) -> IROutput {
        let attended = attention(input, mask, weights, name: name + "/attention")
        let middle = norm(
            graph.add(linear(attended, weights.attentionOutput, name: name + "/attention/output"), input),
            weights.attentionNorm, name: name + "/attention/norm")
        let inner = inner(middle, weights, name: name)
        return norm(
            graph.add(linear(inner, weights.contraction, name: name + "/contraction"), middle), weights.outputNorm,
            name: name + "/norm")
    }

    /// What lies between the two products of the feed-forward part.
    private mutating func inner(_ input: IROutput, _ weights: BERTWeights.Layer, name: String) -> IROutput {
        let expansion = linear(input, weights.expansion, name: name + "/expansion")
        guard let gate = weights.gate else { return activation(expansion, name: name + "/activation") }
        let share = activation(linear(input, gate, name: name + "/gate"), name: name + "/activation")
        return graph.multiply(expansion, share, name: name + "/gated")
    }

    private mutating func attention(
        _ input: IROutput, _ mask: IROutput, _ weights: BERTWeights.Layer, name: String
    ) -> IROutput {
        let query = turned(heads(linear(input, weights.query, name: name + "/query")), name: name + "/query")
        let key = turned(heads(linear(input, weights.key, name: name + "/key")), name: name + "/key")
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
        case .silu: graph.silu(input, name: name)
        }
    }

    private mutating func linear(_ input: IROutput, _ weights: BERTWeights.Linear, name: String) -> IROutput {
        let matrix = weight(weights.weight)
        guard let bias = weights.bias else { return graph.linear(input, weight: matrix, bias: nil, name: name) }
        return graph.linear(input, weight: matrix, bias: weight(bias), name: name)
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
