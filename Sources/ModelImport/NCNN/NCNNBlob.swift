/// What is known of a tensor while the graph is built. Tensors are of shape [1, channels, height, width].
struct NCNNBlob: Sendable {
    var output: IROutput
    var channels: Int
    var height: PictureExtent
    var width: PictureExtent
    /// How far from an element, in pixels of the network's input, the farthest pixel lies that can have an effect on it.
    var reach: Double

    /// The same place and size, with other numbers.
    func with(_ output: IROutput, channels: Int? = nil) -> NCNNBlob {
        var blob = self
        blob.output = output
        blob.channels = channels ?? self.channels
        return blob
    }

    func hasSize(of other: NCNNBlob) -> Bool {
        height == other.height && width == other.width
    }

    /// The larger side's pixels to one of the input.
    var pixelsPerInputPixel: Double { Double(max(1, min(height.scale, width.scale))) }
}
