/// One thing that is wrong with a body.
package struct FieldFault: Sendable, Equatable {
    package enum Code: String, Sendable {
        case missing = "missing_required_parameter"
        case wrongType = "invalid_type"
        case outOfRange = "out_of_range"
        case invalidValue = "invalid_value"
        case unsupportedParameter = "unsupported_parameter"
        case unsupportedValue = "unsupported_value"
    }

    package let code: Code
    /// Where it is, such as `messages[3].content[0].type`; `nil` is the body itself.
    package let path: String?
    /// What was expected and what was found; never a text of the caller's.
    package let message: String

    /// The fault as one line of an error message.
    var sentence: String { "\(path ?? "body"): \(message)" }
}

/// A body with faults.
package struct ValidationFailure: Error, Sendable, Equatable {
    /// The first faults, in the order of reading; never empty.
    package let faults: [FieldFault]
    /// How many there are, listed or not.
    package let count: Int
}
