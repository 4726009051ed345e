import COpenVINO

/// A model as read from its files, before a device has compiled it.
///
/// Not sendable: read, shape and compile it in one place, then let it go.
package final class Model {
    let handle: OpaquePointer
    /// What it was read from.
    let path: String

    init(taking handle: OpaquePointer, path: String) {
        self.handle = handle
        self.path = path
    }

    deinit { ov_model_free(handle) }

    package var inputs: [Port] {
        get throws(OpenVINOError) {
            var count = 0
            try check("count the model's inputs") { ov_model_inputs_size(handle, &count) }
            return try ports(count) { ov_model_const_input_by_index(handle, $0, &$1) }
        }
    }

    package var outputs: [Port] {
        get throws(OpenVINOError) {
            var count = 0
            try check("count the model's outputs") { ov_model_outputs_size(handle, &count) }
            return try ports(count) { ov_model_const_output_by_index(handle, $0, &$1) }
        }
    }

    /// Fixes or frees extents of inputs: an extent that is known lets the device plan for it.
    ///
    /// - Parameter shapes: by the input's name; `nil` for an extent that may differ from run to run.
    /// - Throws: where the model cannot have these shapes.
    package func reshape(_ shapes: [String: [Int?]]) throws(OpenVINOError) {
        for (name, extents) in shapes {
            var dimensions = extents.map { extent in
                ov_dimension_t(min: Int64(extent ?? 0), max: Int64(extent ?? -1))
            }
            let rank = ov_rank_t(min: Int64(extents.count), max: Int64(extents.count))
            try check("give the input \(name) the shape \(extents)") {
                dimensions.withUnsafeMutableBufferPointer {
                    ov_model_reshape_input_by_name(
                        handle, name, ov_partial_shape_t(rank: rank, dims: $0.baseAddress))
                }
            }
        }
    }
}

/// Reads ports one by one.
func ports(
    _ count: Int, _ port: (Int, inout OpaquePointer?) -> ov_status_e
) throws(OpenVINOError) -> [Port] {
    var found: [Port] = []
    for index in 0..<count {
        found.append(try Port(taking: try make("ask the model's port \(index)") { port(index, &$0) }))
    }
    return found
}
