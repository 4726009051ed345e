import Inference

extension APIError {
    /// What the domain's errors become at the HTTP surface.
    package init(_ error: InferenceError, dialect: Dialect) {
        switch error.kind {
        case .invalidRequest:
            self.init(
                status: 400, .invalidRequest, code: "invalid_value", title: "One or more fields are not valid",
                error.message)
        case .contextLengthExceeded:
            self.init(
                status: 400, .invalidRequest, code: "context_length_exceeded",
                title: "The prompt does not fit in the model's context", error.message)
        case .modelNotFound:
            self.init(
                status: dialect.unknownModelStatus, .invalidRequest, code: "model_not_found",
                title: "The model is not installed", error.message)
        case .overloaded:
            self.init(
                status: 429, .rateLimit, code: "rate_limit_exceeded", title: "The model's queue is full",
                error.message)
        case .unavailable:
            self.init(
                status: 503, .server, code: "model_unavailable", title: "The model is not available", error.message)
        case .unsupported:
            self.init(
                status: 501, .invalidRequest, code: "not_supported", title: "The model has no such ability",
                error.message)
        case .internal:
            self.init(
                status: 500, .server, code: "internal_error", title: "The server failed", error.message)
        }
        parameter = error.parameter
        retryAfterSeconds = error.retryAfterSeconds
    }

    /// Whatever was thrown, as the caller may see it. Errors that are not meant for callers tell them nothing.
    package init(describing error: any Error, dialect: Dialect) {
        switch error {
        case let error as APIError: self = error
        case let error as InferenceError: self.init(error, dialect: dialect)
        case let error as ValidationFailure: self.init(error)
        case let fault as UploadFault: self = .uploadNotKept(fault)
        case is ClientDeparted: self = .clientDeparted
        case is CancellationError: self = .shuttingDown
        default: self = .unexpected
        }
    }
}
