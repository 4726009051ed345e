extension IRGraph {
    /// Another shape over the same elements; 0 keeps a dimension of the input, one −1 is what is left.
    package mutating func reshape(_ input: IROutput, to shape: [Int], name: String? = nil) -> IROutput {
        let target = constant(shape)
        let result = shape.enumerated().map { index, dimension -> Int? in
            switch dimension {
            case 0: index < input.rank ? input.shape[index] : nil
            case -1: nil
            default: dimension
            }
        }
        return add(
            "Reshape", attributes: ["special_zero": .truth(true)], inputs: [input, target],
            result: IRPort(input.type, result), name: name)
    }

    /// The dimensions in another order: the result's dimension `i` is the input's dimension `order[i]`.
    package mutating func transpose(_ input: IROutput, order: [Int], name: String? = nil) -> IROutput {
        let axes = constant(order)
        return add(
            "Transpose", inputs: [input, axes], result: IRPort(input.type, order.map { input.shape[$0] }), name: name)
    }

    /// New dimensions of 1, at these places of the result.
    package mutating func unsqueeze(_ input: IROutput, axes: [Int], name: String? = nil) -> IROutput {
        var shape = input.shape
        for axis in axes.sorted() { shape.insert(1, at: axis) }
        let places = constant(axes)
        return add("Unsqueeze", inputs: [input, places], result: IRPort(input.type, shape), name: name)
    }

    package mutating func concat(_ inputs: [IROutput], axis: Int, name: String? = nil) -> IROutput {
        var shape = inputs[0].shape
        let axis = axis < 0 ? axis + shape.count : axis
        shape[axis] = inputs.reduce(0) { total, input in
            total.flatMap { total in input.shape[axis].map { total + $0 } }
        }
        return add(
            "Concat", attributes: ["axis": .integer(axis)], inputs: inputs, result: IRPort(inputs[0].type, shape),
            name: name)
    }

    /// The rows of `table` (or its slices along another axis) that `indices` name.
    package mutating func gather(
        _ table: IROutput, indices: IROutput, axis: Int = 0, name: String? = nil
    ) -> IROutput {
        let place = scalar(axis)
        let shape = Array(table.shape[..<axis]) + indices.shape + Array(table.shape[(axis + 1)...])
        return add(
            "Gather", version: "opset8", attributes: ["batch_dims": .integer(0)], inputs: [table, indices, place],
            result: IRPort(table.type, shape), name: name)
    }

    /// The dimensions of a tensor, i64.
    package mutating func shapeOf(_ input: IROutput, name: String? = nil) -> IROutput {
        add(
            "ShapeOf", version: "opset3", attributes: ["output_type": .text("i64")], inputs: [input],
            result: IRPort(.i64, [input.rank]), name: name)
    }

    /// `input[start..<stop]` along each of the axes; a negative number counts from the end.
    package mutating func slice(
        _ input: IROutput, from start: [Int], to stop: IROutput, axes: [Int], name: String? = nil
    ) -> IROutput {
        slice(input, from: constant(start), to: stop, axes: axes, name: name)
    }

    /// The same, from places that are known at run time only.
    package mutating func slice(
        _ input: IROutput, from start: IROutput, to stop: IROutput, axes: [Int], name: String? = nil
    ) -> IROutput {
        var shape = input.shape
        for axis in axes { shape[axis] = nil }
        let inputs = [input, start, stop, constant([Int](repeating: 1, count: axes.count)), constant(axes)]
        return add("Slice", version: "opset8", inputs: inputs, result: IRPort(input.type, shape), name: name)
    }

    /// Equal parts along the last dimension, which must be known.
    package mutating func split(_ input: IROutput, parts: Int, name: String? = nil) -> [IROutput] {
        let axis = scalar(input.rank - 1)
        let shape = Array(input.shape.dropLast()) + [input.shape[input.rank - 1].map { $0 / parts }]
        return add(
            "Split", attributes: ["num_splits": .integer(parts)], inputs: [input, axis],
            results: [IRPort](repeating: IRPort(input.type, shape), count: parts), name: name)
    }

    /// The whole numbers `start..<stop`, i64; both are vectors of one number.
    package mutating func range(_ start: IROutput, _ stop: IROutput, name: String? = nil) -> IROutput {
        let first = squeeze(start)
        let end = squeeze(stop)
        let step = scalar(1)
        return add(
            "Range", version: "opset4", attributes: ["output_type": .text("i64")], inputs: [first, end, step],
            result: IRPort(.i64, [nil]), name: name)
    }

    /// Without the first dimension, which must be 1.
    package mutating func squeeze(_ input: IROutput, name: String? = nil) -> IROutput {
        let axes = constant([0])
        return add(
            "Squeeze", inputs: [input, axes], result: IRPort(input.type, Array(input.shape.dropFirst())), name: name)
    }

    /// One extent of a tensor, as a vector of one i64.
    package mutating func extent(_ input: IROutput, _ axis: Int, name: String? = nil) -> IROutput {
        gather(shapeOf(input), indices: constant([axis]), name: name)
    }
}
