extension APIError {
    static let notFound = APIError(
        status: 404, .invalidRequest, code: "not_found", title: "There is nothing at this path",
        "There is nothing at this path. The API is under /v1 and /v1/openai.")

    static func methodNotAllowed(_ allowed: [String]) -> APIError {
        var error = APIError(
            status: 405, .invalidRequest, code: "method_not_allowed", title: "The method is not allowed here",
            "This path does not answer to this method. It answers to \(allowed.joined(separator: ", ")).")
        error.allowedMethods = allowed
        return error
    }

    static let wrongContentType = APIError(
        status: 415, .invalidRequest, code: "unsupported_media_type", title: "The content type is not supported",
        "The body's content type is not supported here. Send it as `content-type: application/json`.")

    static func bodyTooLarge(limit: Int, setting: String) -> APIError {
        var error = APIError(
            status: 413, .invalidRequest, code: "body_too_large", title: "The body is too large",
            "The body is larger than this server takes: \(limit) bytes (setting `\(setting)`).")
        error.closesConnection = true
        return error
    }

    static func bodyTooSlow(limit: Duration, setting: String) -> APIError {
        var error = APIError(
            status: 408, .invalidRequest, code: "request_timeout", title: "The body did not arrive in time",
            "The body did not arrive within \(limit.components.seconds) seconds (setting `\(setting)`).")
        error.closesConnection = true
        return error
    }

    static let bodyUnreadable: APIError = {
        var error = APIError(
            status: 400, .invalidRequest, code: "invalid_body", title: "The body could not be read",
            "The body ended early or was not framed as HTTP/1.1 asks.")
        error.closesConnection = true
        return error
    }()

    static let missingHost = APIError(
        status: 400, .invalidRequest, code: "missing_host", title: "There is no Host header",
        "HTTP/1.1 requests carry a Host header. Send one.")

    static let unknownHost: APIError = {
        var error = APIError(
            status: 403, .permission, code: "host_not_allowed", title: "This host name is not served",
            "This server does not answer to the name in the Host header. "
                + "Use localhost, or add the name to the setting `server.allowed-hosts`.")
        error.closesConnection = true
        return error
    }()

    static let unknownOrigin: APIError = {
        var error = APIError(
            status: 403, .permission, code: "origin_not_allowed", title: "Pages of this origin may not call",
            "Web pages of this origin may not call this server. "
                + "If they should, add the origin to the setting `server.allowed-origins`.")
        error.closesConnection = true
        return error
    }()

    static let shuttingDown = APIError(
        status: 503, .server, code: "shutting_down", title: "The server is shutting down",
        "The server is shutting down and did not finish this request.")

    /// Nobody reads this reply; the status is the one that proxies log for it.
    static let clientDeparted = APIError(
        status: 499, .invalidRequest, code: "client_closed_request", title: "The client closed the connection",
        "The client closed the connection before the reply was complete.")

    static let unexpected = APIError(
        status: 500, .server, code: "internal_error", title: "The server failed",
        "The server failed to answer this request. The trace id finds the reason in its log.")
}
