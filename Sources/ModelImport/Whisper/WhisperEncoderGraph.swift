/// From the sound of 30 seconds to what the decoder's layers look at: the encoder, and the projections of its vectors to
/// each decoder layer's keys and values, which are so computed once for all tokens.
struct WhisperEncoderGraph {
    private var layers: WhisperLayers

    var graph: IRGraph { layers.graph }
    private var dimensions: WhisperDimensions { layers.dimensions }

    init(_ weights: some WhisperWeights) throws(ModelImportError) {
        layers = WhisperLayers(graph: IRGraph(name: "whisper_encoder"), dimensions: weights.dimensions)
        let mel = layers.graph.parameter("mel", .f32, [1, dimensions.melBands, dimensions.melFrames])
        var hidden = try convolve(mel, weights)
        for index in 0..<dimensions.encoderLayers {
            hidden = layer(hidden, try weights.encoderLayer(index), name: "layer\(index)")
        }
        hidden = layers.norm(hidden, try weights.encoderNorm(), name: "norm")
        for index in 0..<dimensions.decoderLayers {
            project(hidden, try weights.decoderLayer(index).crossAttention.keyValue, layer: index)
        }
    }

    /// Two convolutions over time, the second of which halves it, and the positions: [1, audio positions, width].
    private mutating func convolve(
        _ mel: IROutput, _ weights: some WhisperWeights
    ) throws(ModelImportError) -> IROutput {
        let first = convolution(
            mel, try weights.convolution(0), frames: dimensions.melFrames, stride: 1, name: "convolution0")
        let second = convolution(
            first, try weights.convolution(1), frames: dimensions.audioPositions, stride: 2, name: "convolution1")
        let vectors = layers.graph.transpose(second, order: [0, 2, 1])
        return layers.graph.add(vectors, layers.weight(try weights.audioPositions()), name: "positions")
    }

    private mutating func convolution(
        _ input: IROutput, _ weights: WhisperLinear, frames: Int, stride: Int, name: String
    ) -> IROutput {
        let kernel = layers.weight(weights.weight)
        let product = layers.graph.add(
            "Convolution",
            attributes: [
                "strides": .integers([stride]), "dilations": .integers([1]), "pads_begin": .integers([1]),
                "pads_end": .integers([1]), "auto_pad": .text("explicit"),
            ],
            inputs: [input, kernel], result: IRPort(.f32, [1, dimensions.width, frames]), name: name)
        let bias = layers.graph.unsqueeze(layers.weight(weights.bias), axes: [0, 2])
        return layers.graph.gelu(layers.graph.add(product, bias, name: name + "/biased"), name: name + "/gelu")
    }

    private mutating func layer(_ input: IROutput, _ weights: WhisperEncoderLayer, name: String) -> IROutput {
        let normal = layers.norm(input, weights.attention.norm, name: name + "/attention/norm")
        let joint = layers.linear(normal, weights.attention.queryKeyValue, name: name + "/attention/qkv")
        let parts = layers.graph.split(joint, parts: 3)
        let attended = layers.graph.scaledDotProductAttention(
            query: layers.heads(parts[0]), key: layers.heads(parts[1]), value: layers.heads(parts[2]), mask: nil,
            name: name + "/attention")
        let output = layers.linear(
            layers.joined(attended), weights.attention.output, name: name + "/attention/output")
        return layers.feedForward(layers.graph.add(input, output), weights.feedForward, name: name + "/feed_forward")
    }

    private mutating func project(_ hidden: IROutput, _ weights: WhisperLinear, layer: Int) {
        let joint = layers.linear(hidden, weights, name: "cross\(layer)")
        for (kind, part) in zip([WhisperCross.key, .value], layers.graph.split(joint, parts: 2)) {
            let narrow = layers.graph.convert(layers.heads(part), to: WhisperLayers.crossType)
            layers.graph.result(narrow, name: kind.name(layer))
        }
    }
}
