import CHalf

/// A tensor of channels that may lie in several pieces of memory: joined tensors are not copied.
struct PlaneTensor {
    let pieces: [Planes]

    init(_ pieces: [Planes]) {
        precondition(!pieces.isEmpty, "a tensor has channels")
        self.pieces = pieces
    }

    var width: Int { pieces[0].size.width }
    var height: Int { pieces[0].size.height }
    var channels: Int { pieces.reduce(0) { $0 + $1.size.channels } }

    /// The tensor as the kernels take it; valid for the call.
    func withDescription<Result>(_ body: (UnsafePointer<half_tensor>) -> Result) -> Result {
        let planes = pieces.flatMap(\.descriptions)
        return withExtendedLifetime(pieces) {
            planes.withUnsafeBufferPointer { planes in
                var description = half_tensor(
                    planes: planes.baseAddress, channels: planes.count, width: width, height: height)
                return body(&description)
            }
        }
    }
}
