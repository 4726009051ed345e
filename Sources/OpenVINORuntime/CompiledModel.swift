import COpenVINO

/// A model that a device has compiled, ready to run.
package final class CompiledModel: @unchecked Sendable {
    // OpenVINO documents compiled models as safe to use from several threads, and the pointer never changes.
    private let handle: OpaquePointer
    private let core: Core
    /// Where its weights may have been mapped from.
    private let folders: [String]

    init(taking handle: OpaquePointer, of core: Core, folders: [String]) {
        self.handle = handle
        self.core = core
        self.folders = folders
    }

    deinit { ov_compiled_model_free(handle) }

    package var inputs: [Port] {
        get throws(OpenVINOError) {
            var count = 0
            try check("count the model's inputs") { ov_compiled_model_inputs_size(handle, &count) }
            return try ports(count) { ov_compiled_model_input_by_index(handle, $0, &$1) }
        }
    }

    package var outputs: [Port] {
        get throws(OpenVINOError) {
            var count = 0
            try check("count the model's outputs") { ov_compiled_model_outputs_size(handle, &count) }
            return try ports(count) { ov_compiled_model_output_by_index(handle, $0, &$1) }
        }
    }

    /// A property by OpenVINO's name, such as `INFERENCE_PRECISION_HINT`, as it was settled; `nil` where it has none.
    package func property(_ name: String) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard ov_compiled_model_get_property(handle, name, &value) == OK, let value else { return nil }
        defer { ov_free(value) }
        return String(cString: value)
    }

    /// The device that runs it, in lower case, without numbers: `cpu`, `gpu`, `npu`, or several joined by `+`. Where the device
    /// was left to OpenVINO, this is what it chose.
    package var device: String { Self.device(executionDevices: property("EXECUTION_DEVICES") ?? "") }

    /// - Parameter devices: OpenVINO's property, such as `CPU` or `(GPU.0) CPU`.
    package static func device(executionDevices devices: String) -> String {
        let names = devices.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." }.map { name in
            String(name.prefix { $0 != "." })
        }
        return names.isEmpty ? "unknown" : Set(names).sorted().joined(separator: "+")
    }

    /// Gives back the memory of files with weights, once a first inference has made its packed copies of them.
    ///
    /// What is still read of the files comes back by itself. Linux alone; elsewhere nothing is done.
    package func releaseMappedWeights() { MappedWeights.release(in: folders) }

    /// A request, to be run again and again. Each has memory of its own for what the model computes on its way.
    package func makeRequest() throws(OpenVINOError) -> InferenceRequest {
        InferenceRequest(
            taking: try make("make an infer request") { ov_compiled_model_create_infer_request(handle, &$0) }, of: self)
    }
}
