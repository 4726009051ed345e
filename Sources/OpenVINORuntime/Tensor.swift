import COpenVINO

/// A dense, row-major array of numbers that models read and write in place.
///
/// Not sendable: two threads that touch one tensor's numbers race. Give each ``InferenceLane`` its own.
package final class Tensor<Element: TensorElement> {
    let handle: OpaquePointer
    /// Numbers a tensor was made over, kept alive for it; `nil` where OpenVINO owns the memory.
    private let owner: AnyObject?

    /// A tensor with memory of its own, aligned for vector instructions; its numbers are not set.
    ///
    /// - Parameter shape: each extent at least 0.
    package init(shape: [Int]) throws(OpenVINOError) {
        handle = try make("make a tensor of shape \(shape)") { made in
            withShape(shape) { ov_tensor_create(Element.elementType.cValue, $0, &made) }
        }
        owner = nil
    }

    /// A tensor over memory that is there already; nothing is copied.
    ///
    /// - Parameters:
    ///   - elements: as many numbers as the shape holds.
    ///   - owner: what keeps that memory; it is retained until the tensor goes.
    package init(
        over elements: UnsafeMutableBufferPointer<Element>, shape: [Int], owner: AnyObject
    ) throws(OpenVINOError) {
        precondition(elements.count == shape.reduce(1, *), "the shape does not fit the number of elements")
        handle = try make("make a tensor of shape \(shape)") { made in
            withShape(shape) {
                ov_tensor_create_from_host_ptr(Element.elementType.cValue, $0, elements.baseAddress, &made)
            }
        }
        self.owner = owner
    }

    /// Takes over a handle that OpenVINO made.
    ///
    /// - Throws: where its numbers are of another type.
    init(taking handle: OpaquePointer) throws(OpenVINOError) {
        var type = DYNAMIC
        let status = ov_tensor_get_element_type(handle, &type)
        guard status == OK, ElementType(type) == Element.elementType else {
            ov_tensor_free(handle)
            throw OpenVINOError(
                operation: "read a tensor as \(Element.self)", status: Int(PARAMETER_MISMATCH.rawValue),
                reason: "it holds \(ElementType(type))")
        }
        self.handle = handle
        owner = nil
    }

    deinit { ov_tensor_free(handle) }

    /// The extents, outermost first.
    package var shape: [Int] {
        var shape = ov_shape_t()
        guard ov_tensor_get_shape(handle, &shape) == OK else { return [] }
        defer { _ = ov_shape_free(&shape) }
        return (0..<Int(shape.rank)).map { Int(shape.dims[$0]) }
    }

    /// How many numbers it holds.
    package var count: Int {
        var count = 0
        return ov_tensor_get_size(handle, &count) == OK ? count : 0
    }

    /// Changes the extents. Memory is kept where it suffices, and then the numbers stay.
    ///
    /// - Throws: for a tensor over memory that is too small for the new shape.
    package func reshape(_ shape: [Int]) throws(OpenVINOError) {
        try check("give a tensor the shape \(shape)") { withShape(shape) { ov_tensor_set_shape(handle, $0) } }
    }

    /// The numbers, row-major. For a model's output they hold until the request that made it runs again.
    package func withElements<Result>(_ body: (UnsafeBufferPointer<Element>) throws -> Result) rethrows -> Result {
        try withMutableElements { try body(UnsafeBufferPointer($0)) }
    }

    /// The numbers, to be written in place.
    package func withMutableElements<Result>(
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(self) {
            var data: UnsafeMutableRawPointer?
            let status = ov_tensor_data(handle, &data)
            // The data of a tensor that exists can always be had; only an empty one has no address.
            precondition(status == OK, "OpenVINO lost a tensor's memory")
            let elements = data?.assumingMemoryBound(to: Element.self)
            return try body(UnsafeMutableBufferPointer(start: elements, count: elements == nil ? 0 : count))
        }
    }
}

/// Lends the extents as OpenVINO wants them.
private func withShape<Result>(_ extents: [Int], _ body: (ov_shape_t) -> Result) -> Result {
    var dimensions = extents.map(Int64.init)
    return dimensions.withUnsafeMutableBufferPointer {
        body(ov_shape_t(rank: Int64($0.count), dims: $0.baseAddress))
    }
}
