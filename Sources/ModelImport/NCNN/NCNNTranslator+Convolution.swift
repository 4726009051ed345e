extension NCNNTranslator {
    /// Convolution, whole or by groups of channels, with a bias and an activation. Weights are in the order that OpenVINO
    /// takes: [outputs, inputs of the group, kernel height, kernel width].
    mutating func convolution(_ layer: inout NCNNLayer, _ input: NCNNBlob) throws(NCNNFault) -> NCNNBlob {
        let shape = try ConvolutionShape(&layer.parameters)
        var groups = 1
        if layer.kind == "ConvolutionDepthWise" {
            groups = try layer.parameters.integer(
                7, default: 1, in: 1...ConvolutionShape.channelLimit, as: "number of groups")
        }
        try layer.parameters.require(8, else: "has weights of 8 bits")
        try layer.parameters.require(19, else: "takes its weights from another layer")
        guard try layer.parameters.number(18) == 0 else {
            throw NCNNFault(.unsupported, "pads with another number than 0 (parameter 18), which is not known here")
        }
        guard try shape.inputs(groups: groups) == input.channels else {
            throw NCNNFault(
                .malformed, "has \(shape.weightCount) weights, which do not fit its \(input.channels) inputs")
        }
        guard
            let height = input.height.passed(
                margin: shape.before.height + shape.after.height - shape.reach.height, divisor: shape.stride.height,
                added: 1),
            let width = input.width.passed(
                margin: shape.before.width + shape.after.width - shape.reach.width, divisor: shape.stride.width,
                added: 1)
        else {
            throw NCNNFault(.unsupported, "has a stride or a kernel that does not fit pictures of every size")
        }
        let numbers = try weights.flagged(shape.weightCount)
        let kernel = shape.kernel.array
        let perGroup = input.channels / groups
        let weight = graph.weight(
            numbers.type,
            (groups == 1 ? [shape.outputs] : [groups, shape.outputs / groups]) + [perGroup] + kernel,
            numbers.data, name: layer.nodeName + "/weight")
        let product = graph.add(
            groups == 1 ? "Convolution" : "GroupConvolution",
            attributes: [
                "strides": .integers(shape.stride.array), "dilations": .integers(shape.dilation.array),
                "pads_begin": .integers(shape.before.array), "pads_end": .integers(shape.after.array),
                "auto_pad": .text("explicit"),
            ],
            inputs: [input.output, weight], result: IRPort(.f32, [1, shape.outputs, nil, nil]), name: layer.nodeName)
        var output = input.with(try biased(product, shape, &layer), channels: shape.outputs)
        output.height = height
        output.width = width
        output.reach += Double(max(shape.reach.height, shape.reach.width) - 1) / 2 / input.pixelsPerInputPixel
        return output
    }

    /// Transposed convolution: every input adds the kernel, times its value, to the result. ncnn has the weights as
    /// [outputs, inputs, kernel height, kernel width], OpenVINO takes [inputs, outputs, …].
    mutating func deconvolution(_ layer: inout NCNNLayer, _ input: NCNNBlob) throws(NCNNFault) -> NCNNBlob {
        let shape = try ConvolutionShape(&layer.parameters)
        let rightRest = try layer.parameters.integer(18, in: 0...15, as: "columns added to the right")
        let lowerRest = try layer.parameters.integer(19, default: rightRest, in: 0...15, as: "rows added below")
        try layer.parameters.require(20, else: "has a fixed width")
        try layer.parameters.require(21, else: "has a fixed height")
        try layer.parameters.require(28, else: "takes its weights from another layer")
        guard try shape.inputs() == input.channels else {
            throw NCNNFault(
                .malformed, "has \(shape.weightCount) weights, which do not fit its \(input.channels) inputs")
        }
        guard rightRest < shape.stride.width, lowerRest < shape.stride.height,
            let height = input.height.multiplied(by: shape.stride.height)?.passed(
                margin: shape.reach.height + lowerRest - shape.stride.height - shape.before.height - shape.after.height,
                divisor: 1, added: 0),
            let width = input.width.multiplied(by: shape.stride.width)?.passed(
                margin: shape.reach.width + rightRest - shape.stride.width - shape.before.width - shape.after.width,
                divisor: 1, added: 0)
        else {
            throw NCNNFault(.unsupported, "has a stride or a kernel that does not fit pictures of every size")
        }
        let numbers = try weights.flagged(shape.weightCount)
        let weight = graph.weight(
            numbers.type, [input.channels, shape.outputs] + shape.kernel.array,
            IRData(
                exchangingRows(
                    of: try weights.bytes(of: numbers), rows: shape.outputs, columns: input.channels,
                    size: shape.kernel.height * shape.kernel.width * numbers.type.byteCount)),
            name: layer.nodeName + "/weight")
        let product = graph.add(
            "ConvolutionBackpropData",
            attributes: [
                "strides": .integers(shape.stride.array), "dilations": .integers(shape.dilation.array),
                "pads_begin": .integers(shape.before.array), "pads_end": .integers(shape.after.array),
                "auto_pad": .text("explicit"), "output_padding": .integers([lowerRest, rightRest]),
            ],
            inputs: [input.output, weight], result: IRPort(.f32, [1, shape.outputs, nil, nil]), name: layer.nodeName)
        var output = input.with(try biased(product, shape, &layer), channels: shape.outputs)
        output.height = height
        output.width = width
        // An element is made of inputs no farther away than the kernel is large, in elements of the result.
        let reach = max(shape.reach.height, shape.reach.width) - 1
        output.reach += Double(reach) / output.pixelsPerInputPixel
        return output
    }

    /// Adds the bias, which comes behind the weights as plain f32, and the activation.
    private mutating func biased(
        _ product: IROutput, _ shape: ConvolutionShape, _ layer: inout NCNNLayer
    ) throws(NCNNFault) -> IROutput {
        var output = product
        if shape.hasBias {
            let bias = try weights.plain(shape.outputs)
            let constant = graph.constant(.f32, [1, shape.outputs, 1, 1], bias.data, name: layer.nodeName + "/bias")
            output = graph.add(output, constant, name: layer.nodeName + "/sum")
        }
        let activation = try NCNNActivation(
            number: try layer.parameters.integer(9), arguments: try layer.parameters.array(10))
        return apply(activation, to: output, name: layer.nodeName + "/activation")
    }
}

/// A matrix of pieces of `size` bytes, rows for columns.
private func exchangingRows(of bytes: [UInt8], rows: Int, columns: Int, size: Int) -> [UInt8] {
    var exchanged: [UInt8] = []
    exchanged.reserveCapacity(bytes.count)
    for column in 0..<columns {
        for row in 0..<rows {
            let start = (row * columns + column) * size
            exchanged += bytes[start..<(start + size)]
        }
    }
    return exchanged
}
