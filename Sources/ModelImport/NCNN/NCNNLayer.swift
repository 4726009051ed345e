/// One line of a `.param` file: an operation from named tensors ("blobs") to named tensors.
struct NCNNLayer: Sendable {
    /// Such as `Convolution`.
    var kind: String
    var name: String
    var inputs: [String]
    var outputs: [String]
    var parameters: NCNNParameters
    /// Counted from 1.
    var line: Int
}
