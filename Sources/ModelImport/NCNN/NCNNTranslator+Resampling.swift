extension NCNNTranslator {
    /// Resizing by a factor. ncnn's nearest neighbour of place x is the pixel ⌊x / factor⌋; linear and cubic (a = −0.75)
    /// interpolation take the centres of pixels, and repeat the picture's borders.
    mutating func interp(_ layer: inout NCNNLayer, _ input: NCNNBlob) throws(NCNNFault) -> NCNNBlob {
        let number = try layer.parameters.integer(0)
        guard let method = ResizingMethod(rawValue: number) else {
            throw NCNNFault(.unsupported, "has \(number) as its method (parameter 0), which is not known here")
        }
        let down = try layer.parameters.number(1, default: 1)
        let across = try layer.parameters.number(2, default: 1)
        try layer.parameters.require(3, else: "has a fixed height")
        try layer.parameters.require(4, else: "has a fixed width")
        try layer.parameters.require(5, else: "takes its size from another layer")
        try layer.parameters.require(
            6, else: "aligns corners, so that a part of a picture would not come out as the whole does")
        guard down > 0, across > 0, let height = input.height.resized(by: Double(down)),
            let width = input.width.resized(by: Double(across))
        else {
            throw NCNNFault(
                .unsupported, "resizes by \(down) × \(across), which is no whole number of pixels for every picture")
        }
        let scales = graph.constant([down, across])
        let axes = graph.constant([2, 3])
        // With `scales` the sizes are not looked at; the operation asks for them all the same.
        let sizes = graph.constant([1, 1])
        let output = graph.add(
            "Interpolate", version: "opset4",
            attributes: [
                "mode": .text(method.mode), "shape_calculation_mode": .text("scales"),
                "coordinate_transformation_mode": .text(method.coordinates), "nearest_mode": .text("floor"),
                "antialias": .truth(false), "pads_begin": .integers([0, 0, 0, 0]), "pads_end": .integers([0, 0, 0, 0]),
                "cube_coeff": .number(-0.75),
            ],
            inputs: [input.output, sizes, scales, axes], result: IRPort(.f32, [1, input.channels, nil, nil]),
            name: layer.nodeName)
        var result = input.with(output)
        result.height = height
        result.width = width
        result.reach += method.reach / input.pixelsPerInputPixel
        return result
    }

    /// Blocks of channels become pixels (Shi et al. 2016, "sub-pixel convolution").
    mutating func pixelShuffle(_ layer: inout NCNNLayer, _ input: NCNNBlob) throws(NCNNFault) -> NCNNBlob {
        let factor = try layer.parameters.integer(0, default: 1, in: 1...16, as: "factor")
        // 0: the channels of one block lie together, as in PyTorch; 1: those of one place in all blocks do.
        let order = try layer.parameters.integer(1, in: 0...1, as: "order of channels")
        guard input.channels % (factor * factor) == 0, let height = input.height.multiplied(by: factor),
            let width = input.width.multiplied(by: factor)
        else {
            throw NCNNFault(.malformed, "makes blocks of \(factor) × \(factor) of \(input.channels) channels")
        }
        let channels = input.channels / (factor * factor)
        let output = graph.add(
            "DepthToSpace",
            attributes: [
                "mode": .text(order == 0 ? "depth_first" : "blocks_first"), "block_size": .integer(factor),
            ],
            inputs: [input.output], result: IRPort(.f32, [1, channels, nil, nil]), name: layer.nodeName)
        var result = input.with(output, channels: channels)
        result.height = height
        result.width = width
        return result
    }
}

/// The methods of `Interp`, by their numbers.
private enum ResizingMethod: Int {
    case nearest = 1
    case linear = 2
    case cubic = 3

    /// In the words of OpenVINO's `Interpolate`.
    var mode: String {
        switch self {
        case .nearest: "nearest"
        case .linear: "linear_onnx"
        case .cubic: "cubic"
        }
    }

    /// … and how a place of the result becomes one of the input.
    var coordinates: String { self == .nearest ? "asymmetric" : "half_pixel" }

    /// How far away the farthest input of an output is, in pixels of the input.
    var reach: Double {
        switch self {
        case .nearest: 0
        case .linear: 1
        case .cubic: 2
        }
    }
}
