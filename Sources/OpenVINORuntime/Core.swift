import COpenVINO
import Inference

/// OpenVINO itself: it finds devices, reads models and compiles them.
///
/// An engine has one and keeps it as long as what it made of it.
package final class Core: @unchecked Sendable {
    // OpenVINO documents its core as safe to use from several threads, and the pointer never changes.
    private let handle: OpaquePointer

    package init() throws(OpenVINOError) {
        handle = try make("start OpenVINO") { ov_core_create(&$0) }
    }

    deinit { ov_core_free(handle) }

    /// OpenVINO's version and build, such as `2026.4.1-22982`.
    package static var version: String {
        var version = ov_version_t()
        guard ov_get_openvino_version(&version) == OK else { return "unknown" }
        defer { ov_version_free(&version) }
        let build = version.buildNumber.map { String(cString: $0) } ?? "unknown"
        return build.split(separator: "-").prefix(2).joined(separator: "-")
    }

    /// The devices of this machine, such as `["CPU", "GPU.0"]`; `AUTO` is not listed.
    package var devices: [String] {
        get throws(OpenVINOError) {
            var list = ov_available_devices_t()
            try check("look for devices") { ov_core_get_available_devices(handle, &list) }
            defer { ov_available_devices_free(&list) }
            return (0..<list.size).compactMap { list.devices[$0].map { String(cString: $0) } }
        }
    }

    /// Reads a model: OpenVINO IR (`.xml`, its weights beside it in a `.bin` of the same name) or ONNX (`.onnx`).
    package func read(_ path: String) throws(OpenVINOError) -> Model {
        Model(taking: try make("read the model") { ov_core_read_model(handle, path, nil, &$0) }, path: path)
    }

    /// Compiles a model for a device.
    ///
    /// - Throws: ``Inference/InferenceError`` where the device is not there, ``OpenVINOError`` where it cannot run it.
    package func compile(_ model: Model, _ options: CompileOptions) throws -> CompiledModel {
        let device = try options.device.found(among: devices)
        let properties = options.properties(for: device, cpu: .ofThisMachine())
        let compiled: OpaquePointer = try withProperties(properties) { list throws(OpenVINOError) in
            try make("compile the model for \(device.name)") {
                ov_core_compile_model_props(handle, model.handle, device.name, list.count, list.baseAddress, &$0)
            }
        }
        let folder = model.path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        return CompiledModel(
            taking: compiled, of: self, folders: [folder] + [options.cacheFolder].compactMap { $0 })
    }
}

/// Lends keys and values as C strings for the length of a call.
private func withProperties<Result>(
    _ properties: [(key: String, value: String)],
    _ body: (UnsafeBufferPointer<ov_property_t>) throws(OpenVINOError) -> Result
) throws(OpenVINOError) -> Result {
    // One allocation a word: the library reads them during the call only.
    let words = properties.map { (key: cString($0.key), value: cString($0.value)) }
    defer {
        for word in words {
            word.key.deallocate()
            word.value.deallocate()
        }
    }
    let list = words.map {
        ov_property_t(key: $0.key.baseAddress, value: UnsafeRawPointer($0.value.baseAddress))
    }
    let pointer = UnsafeMutableBufferPointer<ov_property_t>.allocate(capacity: list.count)
    defer { pointer.deallocate() }
    _ = pointer.initialize(from: list)
    return try body(UnsafeBufferPointer(pointer))
}

private func cString(_ text: String) -> UnsafeMutableBufferPointer<CChar> {
    let characters = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count + 1)
    _ = characters.initialize(from: text.utf8CString)
    return characters
}
