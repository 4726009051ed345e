/// Translates a network of ncnn into a graph of OpenVINO, layer by layer.
///
/// What each layer computes is what ncnn's own sources say (`src/layer/*.cpp`). Anything that is not known here, a kind of
/// layer, a parameter or a value of one, is refused by name: a picture that is nearly right would be worse.
struct NCNNTranslator {
    var graph = IRGraph(name: "upscaler")
    var weights: NCNNWeights
    private var blobs: [String: NCNNBlob] = [:]
    /// Blobs that no layer has taken yet.
    private var unused: Set<String> = []
    private var hasInput = false
    /// Numbers of the largest tensor, for each pixel of the input.
    private var numbersPerPixel = 0

    /// RGB.
    private static let pictureChannels = 3
    private static let scales = 2...8

    init(weights: NCNNWeights) {
        self.weights = weights
    }

    /// Translates the whole network.
    ///
    /// - Throws: ``ModelImportError``, also where the network's output is not its input enlarged by a whole factor.
    mutating func translate(_ network: NCNNNetwork) throws(ModelImportError) -> UpscalerDescription {
        for layer in network.layers {
            do {
                try translate(layer)
            } catch {
                throw error.inLayer(kind: layer.kind, name: layer.name, line: layer.line, of: network.name)
            }
        }
        try weights.finish()
        guard hasInput, unused.count == 1, let name = unused.first, let output = blobs[name] else {
            throw ModelImportError(
                .unsupported,
                "\(network.name) has \(hasInput ? 1 : 0) input and \(unused.count) outputs; one of each is expected.")
        }
        guard output.channels == Self.pictureChannels, output.hasSize(of: .init(squareScale: output.height.scale)),
            Self.scales.contains(output.height.scale)
        else {
            throw ModelImportError(
                .unsupported,
                "\(network.name) does not make a picture of 3 channels that is from 2 to 8 times as large as its input."
            )
        }
        graph.result(output.output, name: "output")
        return UpscalerDescription(
            scale: output.height.scale, reach: output.reach, numbersPerPixel: numbersPerPixel)
    }

    private mutating func translate(_ layer: NCNNLayer) throws(NCNNFault) {
        var inputs: [NCNNBlob] = []
        for name in layer.inputs {
            guard let blob = blobs[name] else {
                throw NCNNFault(.malformed, "takes the blob '\(name)', which no layer before it makes")
            }
            inputs.append(blob)
            unused.remove(name)
        }
        var layer = layer
        let outputs = try self.outputs(of: &layer, inputs)
        if let id = layer.parameters.firstUnread {
            throw NCNNFault(.unsupported, "has the parameter \(id), which is not known here")
        }
        guard outputs.count == layer.outputs.count else {
            throw NCNNFault(.malformed, "names \(layer.outputs.count) outputs where it has \(outputs.count)")
        }
        for (name, output) in zip(layer.outputs, outputs) {
            guard blobs.updateValue(output, forKey: name) == nil else {
                throw NCNNFault(.malformed, "makes the blob '\(name)', which is there already")
            }
            unused.insert(name)
            numbersPerPixel = max(numbersPerPixel, output.channels * output.height.scale * output.width.scale)
        }
    }

    private mutating func outputs(of layer: inout NCNNLayer, _ inputs: [NCNNBlob]) throws(NCNNFault) -> [NCNNBlob] {
        switch layer.kind {
        case "Input": [try input(&layer)]
        case "Split": Array(repeating: try only(inputs), count: layer.outputs.count)
        case "Concat": [try concat(&layer, inputs)]
        case "Convolution", "ConvolutionDepthWise": [try convolution(&layer, try only(inputs))]
        case "Deconvolution": [try deconvolution(&layer, try only(inputs))]
        case "PReLU": [try prelu(&layer, try only(inputs))]
        case "ReLU", "Clip", "Sigmoid", "TanH", "Mish", "HardSwish": [try activation(&layer, try only(inputs))]
        case "BinaryOp": [try binary(&layer, inputs)]
        case "Eltwise": [try eltwise(&layer, inputs)]
        case "Interp": [try interp(&layer, try only(inputs))]
        case "PixelShuffle": [try pixelShuffle(&layer, try only(inputs))]
        default: throw NCNNFault(.unsupported, "is a kind of layer that is not known here")
        }
    }

    private func only(_ inputs: [NCNNBlob]) throws(NCNNFault) -> NCNNBlob {
        guard inputs.count == 1, let input = inputs.first else {
            throw NCNNFault(.malformed, "has \(inputs.count) inputs; one is expected")
        }
        return input
    }

    private mutating func input(_ layer: inout NCNNLayer) throws(NCNNFault) -> NCNNBlob {
        guard !hasInput, layer.inputs.isEmpty else { throw NCNNFault(.unsupported, "is a second input") }
        hasInput = true
        // Width and height are what the network was exported with; ncnn takes any.
        _ = try layer.parameters.integer(0)
        _ = try layer.parameters.integer(1)
        try layer.parameters.require(2, is: Self.pictureChannels, else: "does not take pictures of 3 channels")
        let output = graph.parameter("data", .f32, [1, Self.pictureChannels, nil, nil])
        return NCNNBlob(
            output: output, channels: Self.pictureChannels, height: .ofInput, width: .ofInput, reach: 0)
    }

    private mutating func concat(_ layer: inout NCNNLayer, _ inputs: [NCNNBlob]) throws(NCNNFault) -> NCNNBlob {
        try layer.parameters.require(0, else: "joins along another dimension than the channels")
        let first = try sameSize(inputs)
        var joined = first.with(
            graph.concat(inputs.map(\.output), axis: 1, name: layer.nodeName),
            channels: inputs.reduce(0) { $0 + $1.channels })
        joined.reach = inputs.map(\.reach).max() ?? 0
        guard joined.channels <= ConvolutionShape.channelLimit else {
            throw NCNNFault(.unsupported, "makes \(joined.channels) channels")
        }
        return joined
    }

    /// The first of several inputs of one height and width.
    func sameSize(_ inputs: [NCNNBlob]) throws(NCNNFault) -> NCNNBlob {
        guard let first = inputs.first else { throw NCNNFault(.malformed, "has no inputs") }
        guard inputs.allSatisfy({ $0.hasSize(of: first) }) else {
            throw NCNNFault(.malformed, "has inputs of different sizes")
        }
        return first
    }
}

extension NCNNLayer {
    /// A name for its node in the graph. The line tells apart what a file may give the same name.
    var nodeName: String { "\(line)/\(name)" }
}

extension NCNNBlob {
    /// Something to compare sizes with.
    fileprivate struct Size {
        var extent: PictureExtent
        init(squareScale scale: Int) { extent = PictureExtent(scale: scale, offset: 0) }
    }

    fileprivate func hasSize(of size: Size) -> Bool { height == size.extent && width == size.extent }
}
