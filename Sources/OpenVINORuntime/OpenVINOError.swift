import COpenVINO
import Inference

/// A call of OpenVINO that failed.
///
/// Its text names files and layers, so it belongs in the log; a client is told an ``Inference/InferenceError`` instead.
package struct OpenVINOError: Error, Sendable, Equatable {
    /// What was tried, such as `compile the model`.
    package var operation: String
    /// OpenVINO's status, below zero.
    package var status: Int
    /// OpenVINO's own words.
    package var reason: String
}

extension OpenVINOError: CustomStringConvertible {
    package var description: String { "cannot \(operation): \(reason) (status \(status))" }
}

/// Carries out one call and turns a status other than `OK` into an error.
func check(_ operation: @autoclosure () -> String, _ call: () -> ov_status_e) throws(OpenVINOError) {
    let status = call()
    guard status != OK else { return }
    throw OpenVINOError(operation: operation(), status: Int(status.rawValue), reason: lastMessage(status))
}

/// Carries out one call that makes an object behind a pointer.
func make<Made>(
    _ operation: @autoclosure () -> String, _ call: (inout Made?) -> ov_status_e
) throws(OpenVINOError) -> Made {
    var made: Made?
    let status = call(&made)
    guard status == OK, let made else {
        throw OpenVINOError(operation: operation(), status: Int(status.rawValue), reason: lastMessage(status))
    }
    return made
}

/// OpenVINO keeps one last message for the whole process: another thread's failure can replace it, so it explains and
/// is never acted upon.
private func lastMessage(_ status: ov_status_e) -> String {
    guard let text = ov_get_last_err_msg() else {
        return ov_get_error_info(status).map { String(cString: $0) } ?? "no reason given"
    }
    defer { ov_free(text) }
    return String(cString: text)
}
