extension APIError {
    /// All the faults of a body in one message; `param` and `code` are the first one's.
    package init(_ failure: ValidationFailure) {
        var lines = failure.faults.map(\.sentence)
        let unlisted = failure.count - failure.faults.count
        if unlisted > 0 { lines.append("and \(unlisted) more") }
        let first = failure.faults.first
        self.init(
            status: 400, .invalidRequest, code: first?.code.rawValue ?? "invalid_value",
            title: "One or more fields are not valid", lines.joined(separator: "; "), parameter: first?.path)
    }

    /// The body is not JSON at all.
    package static let notJSON = APIError(
        status: 400, .invalidRequest, code: "invalid_json", title: "The body is not valid JSON",
        "The body is not valid JSON. Send one JSON object, in UTF-8.")

    /// There is no body where one is needed.
    package static let emptyBody = APIError(
        status: 400, .invalidRequest, code: "invalid_json", title: "The body is not valid JSON",
        "The body is empty. Send one JSON object, in UTF-8.")
}
