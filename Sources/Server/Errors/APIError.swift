/// What a caller is told when a request fails: a status, and the fields of the error body.
///
/// The message says what was wrong, what was expected and what to do. It never holds a path of the machine or a word
/// of a prompt.
package struct APIError: Error, Sendable, Equatable {
    /// The broad kinds, in OpenAI's words.
    package enum Kind: String, Sendable {
        case invalidRequest = "invalid_request_error"
        case permission = "permission_error"
        case rateLimit = "rate_limit_error"
        case server = "server_error"
    }

    package var status: Int
    package var kind: Kind
    package var code: String
    package var message: String
    /// The field at fault, as a path such as `messages[3].content`.
    package var parameter: String?
    /// A short summary of the kind of problem, the same for all its occurrences (RFC 9457).
    package var title: String
    /// Seconds after which trying again can help.
    package var retryAfterSeconds: Int?
    /// The methods that the path does answer to, for `Allow`.
    package var allowedMethods: [String] = []
    /// The rest of the request has not been read and will not be: the connection cannot be used again.
    package var closesConnection = false

    package init(
        status: Int, _ kind: Kind, code: String, title: String, _ message: String, parameter: String? = nil
    ) {
        self.status = status
        self.kind = kind
        self.code = code
        self.title = title
        self.message = message
        self.parameter = parameter
    }
}
