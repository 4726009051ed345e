/// What the parameters of ncnn's convolutions of all kinds have in common.
struct ConvolutionShape: Sendable {
    /// A pair of numbers, one for each direction.
    struct Directions: Sendable, Equatable {
        var height: Int
        var width: Int

        var array: [Int] { [height, width] }
    }

    var outputs: Int
    var kernel: Directions
    var stride: Directions
    var dilation: Directions
    /// Zeros added above and to the left; taken away from the result where a convolution is transposed.
    var before: Directions
    /// … below and to the right.
    var after: Directions
    var hasBias: Bool
    /// How many numbers its weights are.
    var weightCount: Int

    static let channelLimit = 16_384
    private static let kernels = 1...255
    private static let strides = 1...16
    private static let dilations = 1...64
    private static let pads = -234...1024
    /// Marks that stand for as much padding as keeps the size; the odd one goes after, or before.
    private static let sameUpper = -233
    private static let sameLower = -234

    /// - Throws: where a parameter is out of range.
    init(_ parameters: inout NCNNParameters) throws(NCNNFault) {
        outputs = try parameters.integer(0, in: 1...Self.channelLimit, as: "number of outputs")
        hasBias = try parameters.integer(5, in: 0...1, as: "switch for a bias") == 1
        weightCount = try parameters.integer(6, in: 1...Int(Int32.max), as: "number of weights")
        // Where the height's is not given, it is the width's.
        let width = (
            kernel: try parameters.integer(1, in: Self.kernels, as: "kernel's width"),
            dilation: try parameters.integer(2, default: 1, in: Self.dilations, as: "dilation"),
            stride: try parameters.integer(3, default: 1, in: Self.strides, as: "stride")
        )
        kernel = Directions(
            height: try parameters.integer(11, default: width.kernel, in: Self.kernels, as: "kernel's height"),
            width: width.kernel)
        dilation = Directions(
            height: try parameters.integer(12, default: width.dilation, in: Self.dilations, as: "dilation down"),
            width: width.dilation)
        stride = Directions(
            height: try parameters.integer(13, default: width.stride, in: Self.strides, as: "stride down"),
            width: width.stride)
        let left = try parameters.integer(4, in: Self.pads, as: "padding")
        let top = try parameters.integer(14, default: left, in: Self.pads, as: "padding above")
        before = Directions(height: top, width: left)
        after = Directions(
            height: try parameters.integer(16, default: top, in: Self.pads, as: "padding below"),
            width: try parameters.integer(15, default: left, in: Self.pads, as: "padding to the right"))
        try settlePadding()
    }

    private mutating func settlePadding() throws(NCNNFault) {
        let pads = before.array + after.array
        if pads.allSatisfy({ $0 >= 0 }) { return }
        guard stride == Directions(height: 1, width: 1),
            pads.allSatisfy({ $0 == Self.sameUpper }) || pads.allSatisfy({ $0 == Self.sameLower })
        else {
            throw NCNNFault(.unsupported, "has \(pads) as its padding, which is not known here")
        }
        let whole = Directions(height: reach.height - 1, width: reach.width - 1)
        let half = Directions(height: whole.height / 2, width: whole.width / 2)
        let rest = Directions(height: whole.height - half.height, width: whole.width - half.width)
        (before, after) = pads[0] == Self.sameUpper ? (half, rest) : (rest, half)
    }

    /// Rows and columns from the first to the last that the kernel touches.
    var reach: Directions {
        Directions(
            height: dilation.height * (kernel.height - 1) + 1, width: dilation.width * (kernel.width - 1) + 1)
    }

    /// How many channels the weights are made for, where the kernel runs over `groups` groups of them.
    ///
    /// - Throws: where the number of weights fits no number of channels.
    func inputs(groups: Int = 1) throws(NCNNFault) -> Int {
        let perInput = outputs / groups * kernel.height * kernel.width
        guard outputs % groups == 0, weightCount % perInput == 0, (weightCount / perInput) % groups == 0 else {
            throw NCNNFault(
                .malformed,
                "has \(weightCount) weights, which do not fit its \(outputs) outputs and kernel of \(kernel.height) × "
                    + "\(kernel.width)")
        }
        return weightCount / perInput
    }
}
