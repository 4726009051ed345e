/// The decoder, for one or several texts (rows) about the same 30 seconds: from their next tokens to the scores of what
/// may follow.
///
/// Inputs: `tokens` i64 [rows, count]; `row_order` i32 [rows], for each row the row of the last inference whose text it
/// goes on with, in the first after a reset any row below `rows`; `position` i64 [1], the token whose scores are given
/// out, where a negative number counts from the last; and the encoder's `cross_key.i` and `cross_value.i`. Output:
/// `logits` f32 [rows, vocabulary].
///
/// Keys and values of self-attention stay in the graph's variables `self_key.i` and `self_value.i`, f32 [rows, heads,
/// positions, head width], empty after a reset; positions go on from their length. All rows' queries are folded into one
/// matrix for cross-attention, so that the window's keys and values are read once for all of them.
struct WhisperDecoderGraph {
    private var layers: WhisperLayers
    private var states: [(variable: IRVariable, value: IROutput)] = []

    var graph: IRGraph { layers.graph }
    private var dimensions: WhisperDimensions { layers.dimensions }

    init(_ weights: some WhisperWeights) throws(ModelImportError) {
        layers = WhisperLayers(graph: IRGraph(name: "whisper_decoder"), dimensions: weights.dimensions)
        let tokens = layers.graph.parameter("tokens", .i64, [nil, nil])
        let rowOrder = layers.graph.parameter("row_order", .i32, [nil])
        let position = layers.graph.parameter("position", .i64, [1])
        let pasts = (0..<dimensions.decoderLayers).map { pastKeysAndValues($0, tokens) }
        let first = layers.graph.extent(pasts[0].key, 2, name: "past")
        let end = layers.graph.add(first, layers.graph.extent(tokens, 1))
        let mask = layers.causalMask(from: first, to: end)
        let table = try weights.tokens()
        let words = layers.quantized(table)
        var hidden = try embed(tokens, words, from: first, to: end, weights)
        for index in 0..<dimensions.decoderLayers {
            let layer = try weights.decoderLayer(index)
            hidden = selfAttention(
                hidden, pasts[index], rowOrder, mask, layer.attention, name: "layer\(index)/attention")
            hidden = crossAttention(hidden, tokens, layer.crossAttention, layer: index)
            hidden = layers.feedForward(hidden, layer.feedForward, name: "layer\(index)/feed_forward")
        }
        hidden = layers.graph.gather(hidden, indices: position, axis: 1)
        hidden = layers.norm(hidden, try weights.decoderNorm(), name: "norm")
        score(hidden, layers.wide(words, table))
        for state in states { layers.graph.assign(state.value, to: state.variable) }
    }

    private typealias Past = (key: IROutput, value: IROutput, variables: (key: IRVariable, value: IRVariable))

    private mutating func pastKeysAndValues(_ layer: Int, _ tokens: IROutput) -> Past {
        let extents = layers.graph.concat(
            [
                layers.graph.extent(tokens, 0),
                layers.graph.constant([dimensions.heads, 0, dimensions.headWidth]),
            ], axis: 0)
        let shape = [nil, dimensions.heads, nil, dimensions.headWidth]
        let nothing = layers.graph.add(
            "Broadcast", version: "opset3", attributes: ["mode": .text("numpy")],
            inputs: [layers.graph.scalar(Float(0)), extents], result: IRPort(.f32, shape))
        let key = IRVariable(identifier: "self_key.\(layer)", type: .f32, shape: shape)
        let value = IRVariable(identifier: "self_value.\(layer)", type: .f32, shape: shape)
        return (
            layers.graph.read(key, initial: nothing), layers.graph.read(value, initial: nothing), (key, value)
        )
    }

    /// The vectors of the tokens, with those of their positions.
    private mutating func embed(
        _ tokens: IROutput, _ words: WhisperLayers.Quantized, from first: IROutput, to end: IROutput,
        _ weights: some WhisperWeights
    ) throws(ModelImportError) -> IROutput {
        let vectors = layers.rows(words, of: tokens, name: "embeddings/tokens")
        let positions = layers.graph.slice(
            layers.weight(try weights.textPositions()), from: first, to: end, axes: [0], name: "embeddings/positions")
        return layers.graph.add(vectors, positions, name: "embeddings")
    }

    private mutating func selfAttention(
        _ input: IROutput, _ past: Past, _ rowOrder: IROutput, _ mask: IROutput, _ weights: WhisperSelfAttention,
        name: String
    ) -> IROutput {
        let normal = layers.norm(input, weights.norm, name: name + "/norm")
        let parts = layers.graph.split(layers.linear(normal, weights.queryKeyValue, name: name + "/qkv"), parts: 3)
        let key = extended(past.key, by: layers.heads(parts[1]), rowOrder, past.variables.key)
        let value = extended(past.value, by: layers.heads(parts[2]), rowOrder, past.variables.value)
        let attended = layers.graph.scaledDotProductAttention(
            query: layers.heads(parts[0]), key: key, value: value, mask: mask, name: name)
        return layers.graph.add(
            input, layers.linear(layers.joined(attended), weights.output, name: name + "/output"))
    }

    private mutating func extended(
        _ past: IROutput, by new: IROutput, _ rowOrder: IROutput, _ variable: IRVariable
    ) -> IROutput {
        let all = layers.graph.concat([layers.graph.gather(past, indices: rowOrder), new], axis: 2)
        states.append((variable, all))
        return all
    }

    private mutating func crossAttention(
        _ input: IROutput, _ tokens: IROutput, _ weights: WhisperCrossAttention, layer: Int
    ) -> IROutput {
        let name = "layer\(layer)/cross_attention"
        let key = layers.crossInput(.key, layer)
        let value = layers.crossInput(.value, layer)
        let normal = layers.norm(input, weights.norm, name: name + "/norm")
        let query = layers.linear(normal, weights.query, name: name + "/query")
        let folded = layers.graph.transpose(
            layers.graph.reshape(query, to: [1, -1, dimensions.heads, dimensions.headWidth]), order: [0, 2, 1, 3])
        let shares = layers.crossShares(folded, key, name: name)
        let attended = layers.crossProduct(shares, value, transposed: false, name: name + "/values")
        let extents = layers.graph.concat(
            [layers.graph.shapeOf(tokens), layers.graph.constant([dimensions.width])], axis: 0)
        let unfolded = layers.graph.add(
            "Reshape", attributes: ["special_zero": .truth(false)],
            inputs: [layers.graph.transpose(attended, order: [0, 2, 1, 3]), extents],
            result: IRPort(.f32, [nil, nil, dimensions.width]))
        return layers.graph.add(input, layers.linear(unfolded, weights.output, name: name + "/output"))
    }

    private mutating func score(_ hidden: IROutput, _ words: IROutput) {
        let scores = layers.graph.matMul(hidden, words, transposeB: true, name: "scores")
        layers.graph.result(layers.graph.reshape(scores, to: [-1, dimensions.vocabulary]), name: "logits")
    }
}
