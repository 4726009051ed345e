/// Why an inference could not be carried out.
///
/// These are the domain's errors: every room below the HTTP surface throws them, and the surface alone decides which
/// status and body each becomes. Messages speak to the caller: what was wrong, what was expected, what to do. They
/// never hold a path of the machine or a word of a prompt.
public struct InferenceError: Error, Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        /// The request cannot be served as it is: a value is missing, out of range or not supported by this model.
        case invalidRequest
        /// The prompt does not fit in the model's context.
        case contextLengthExceeded
        /// No such model is installed.
        case modelNotFound
        /// The model's queue is full; trying again later can help.
        case overloaded
        /// The model is not ready: it is loading, did not load, or its process ended.
        case unavailable
        /// The engine or model has no such ability.
        case unsupported
        /// A fault of this software.
        case `internal`
    }

    public var kind: Kind
    public var message: String
    /// The field of the request at fault, as a path such as `messages[3].content`.
    public var parameter: String?
    /// Seconds after which trying again can help.
    public var retryAfterSeconds: Int?

    public init(_ kind: Kind, _ message: String, parameter: String? = nil, retryAfterSeconds: Int? = nil) {
        self.kind = kind
        self.message = message
        self.parameter = parameter
        self.retryAfterSeconds = retryAfterSeconds
    }
}

extension InferenceError: CustomStringConvertible {
    public var description: String { message }
}
