import COpenVINO

/// One run of a compiled model at a time: set inputs, ``infer()``, read outputs.
///
/// Not sendable, and ``infer()`` blocks: let an ``InferenceLane`` own it.
package final class InferenceRequest {
    private let handle: OpaquePointer
    private let model: CompiledModel
    /// Inputs stay alive while they are set: a request holds no reference to memory that a tensor was made over.
    private var inputs: [String: AnyObject] = [:]

    init(taking handle: OpaquePointer, of model: CompiledModel) {
        self.handle = handle
        self.model = model
    }

    deinit { ov_infer_request_free(handle) }

    /// Sets an input by its name. The tensor is read when the request runs; nothing is copied.
    ///
    /// - Throws: where the model has no such input, or it has another type or shape.
    package func setInput<Element>(_ name: String, _ tensor: Tensor<Element>) throws(OpenVINOError) {
        try check("set the input \(name)") { ov_infer_request_set_tensor(handle, name, tensor.handle) }
        inputs[name] = tensor
    }

    /// Makes the model write an output into a tensor of the caller's.
    ///
    /// - Throws: where the model has no such output, or it has another type or shape.
    package func setOutput<Element>(_ name: String, _ tensor: Tensor<Element>) throws(OpenVINOError) {
        try check("set the output \(name)") { ov_infer_request_set_tensor(handle, name, tensor.handle) }
        inputs[name] = tensor
    }

    /// Sets an input to what another request gives out, whatever its numbers are; nothing is copied.
    package func setInput(_ name: String, _ output: OutputTensor) throws(OpenVINOError) {
        try check("set the input \(name)") { ov_infer_request_set_tensor(handle, name, output.handle) }
        inputs[name] = output
    }

    /// Where the request writes an output of fixed shape, each time that it runs.
    package func outputTensor(_ name: String) throws(OpenVINOError) -> OutputTensor {
        OutputTensor(taking: try make("read the output \(name)") { ov_infer_request_get_tensor(handle, name, &$0) })
    }

    /// Runs the model and returns when it is done. Blocks the thread.
    package func infer() throws(OpenVINOError) {
        try check("run the model") { ov_infer_request_infer(handle) }
    }

    /// An output of the last run by its name; its numbers hold until the next run.
    package func output<Element: TensorElement>(
        _ name: String, as element: Element.Type = Element.self
    ) throws(OpenVINOError) -> Tensor<Element> {
        try Tensor(taking: try make("read the output \(name)") { ov_infer_request_get_tensor(handle, name, &$0) })
    }

    /// An output of the last run by its place; its numbers hold until the next run.
    package func output<Element: TensorElement>(
        at index: Int, as element: Element.Type = Element.self
    ) throws(OpenVINOError) -> Tensor<Element> {
        try Tensor(
            taking: try make("read output \(index)") { ov_infer_request_get_output_tensor_by_index(handle, index, &$0) }
        )
    }
}
