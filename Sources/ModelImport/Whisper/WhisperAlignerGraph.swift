/// Where in the sound each token of a whole text lies: the decoder without a memory, as far as the last layer that has
/// heads of attention which follow the sound.
///
/// Inputs: `tokens` i64 [1, count], `cross_key.i` of every layer that is here, and `cross_value.i` of all of them but the
/// last. Output: `weights` f32 [alignment heads, count, audio positions], each token's shares of the sound.
struct WhisperAlignerGraph {
    private var layers: WhisperLayers

    var graph: IRGraph { layers.graph }
    private var dimensions: WhisperDimensions { layers.dimensions }

    /// - Parameter heads: the heads to look at, not none, sorted by layer.
    init(_ weights: some WhisperWeights, heads: [WhisperHead]) throws(ModelImportError) {
        layers = WhisperLayers(graph: IRGraph(name: "whisper_aligner"), dimensions: weights.dimensions)
        let tokens = layers.graph.parameter("tokens", .i64, [1, nil])
        let start = layers.graph.constant([0])
        let end = layers.graph.extent(tokens, 1)
        let mask = layers.causalMask(from: start, to: end)
        let words = layers.rows(layers.quantized(try weights.tokens()), of: tokens, name: "embeddings/tokens")
        var hidden = layers.graph.add(
            words, layers.graph.slice(layers.weight(try weights.textPositions()), from: start, to: end, axes: [0]))
        let last = heads.last?.layer ?? 0
        var chosen: [IROutput] = []
        for index in 0...last {
            let layer = try weights.decoderLayer(index)
            let name = "layer\(index)"
            hidden = selfAttention(hidden, mask, layer.attention, name: name + "/attention")
            let shares = crossShares(hidden, layer.crossAttention, layer: index)
            let here = heads.filter { $0.layer == index }.map(\.head)
            if !here.isEmpty {
                let all = layers.graph.squeeze(shares)
                chosen.append(layers.graph.gather(all, indices: layers.graph.constant(here), name: name + "/chosen"))
            }
            guard index < last else { break }
            hidden = crossAttention(hidden, shares, layer.crossAttention, layer: index)
            hidden = layers.feedForward(hidden, layer.feedForward, name: name + "/feed_forward")
        }
        let weights = chosen.count == 1 ? chosen[0] : layers.graph.concat(chosen, axis: 0, name: "chosen")
        layers.graph.result(weights, name: "weights")
    }

    private mutating func selfAttention(
        _ input: IROutput, _ mask: IROutput, _ weights: WhisperSelfAttention, name: String
    ) -> IROutput {
        let normal = layers.norm(input, weights.norm, name: name + "/norm")
        let parts = layers.graph.split(layers.linear(normal, weights.queryKeyValue, name: name + "/qkv"), parts: 3)
        let attended = layers.graph.scaledDotProductAttention(
            query: layers.heads(parts[0]), key: layers.heads(parts[1]), value: layers.heads(parts[2]), mask: mask,
            name: name)
        return layers.graph.add(
            input, layers.linear(layers.joined(attended), weights.output, name: name + "/output"))
    }

    /// [1, heads, tokens, audio positions].
    private mutating func crossShares(
        _ input: IROutput, _ weights: WhisperCrossAttention, layer: Int
    ) -> IROutput {
        let name = "layer\(layer)/cross_attention"
        let key = layers.crossInput(.key, layer)
        let normal = layers.norm(input, weights.norm, name: name + "/norm")
        let query = layers.heads(layers.linear(normal, weights.query, name: name + "/query"))
        return layers.crossShares(query, key, name: name)
    }

    private mutating func crossAttention(
        _ input: IROutput, _ shares: IROutput, _ weights: WhisperCrossAttention, layer: Int
    ) -> IROutput {
        let name = "layer\(layer)/cross_attention"
        let value = layers.crossInput(.value, layer)
        let attended = layers.crossProduct(shares, value, transposed: false, name: name + "/values")
        return layers.graph.add(
            input, layers.linear(layers.joined(attended), weights.output, name: name + "/output"))
    }
}
