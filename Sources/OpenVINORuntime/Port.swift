import COpenVINO

/// An input or output of a model.
package struct Port: Sendable, Equatable {
    /// Its name, or the empty string where it has none.
    package var name: String
    package var elementType: ElementType
    /// The extents, outermost first; `nil` where an extent is only known when the model runs. `nil` altogether where
    /// even their number is not known.
    package var shape: [Int?]?

    package init(name: String, elementType: ElementType, shape: [Int?]?) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
    }

    /// Reads and frees a port.
    init(taking port: OpaquePointer) throws(OpenVINOError) {
        defer { ov_output_const_port_free(port) }
        var text: UnsafeMutablePointer<CChar>?
        // A port without a name is no error here.
        if ov_port_get_any_name(port, &text) == OK, let text {
            name = String(cString: text)
            ov_free(text)
        } else {
            name = ""
        }
        var type = DYNAMIC
        try check("ask a port's element type") { ov_port_get_element_type(port, &type) }
        elementType = ElementType(type)
        var partial = ov_partial_shape_t()
        try check("ask a port's shape") { ov_port_get_partial_shape(port, &partial) }
        defer { ov_partial_shape_free(&partial) }
        guard !ov_rank_is_dynamic(partial.rank) else {
            shape = nil
            return
        }
        shape = (0..<Int(partial.rank.max)).map { index in
            let dimension = partial.dims[index]
            return ov_dimension_is_dynamic(dimension) ? nil : Int(dimension.max)
        }
    }
}
