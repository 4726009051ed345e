import COpenVINO

/// An output of a model as another model's input: numbers of any type, never looked at.
///
/// Not sendable: the request that writes it and those that read it take turns.
package final class OutputTensor {
    let handle: OpaquePointer

    init(taking handle: OpaquePointer) { self.handle = handle }

    deinit { ov_tensor_free(handle) }
}
