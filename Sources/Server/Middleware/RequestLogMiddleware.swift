import Hummingbird
import Inference
import Logging

/// Writes one line for each request, when its reply is complete. Never a word of a prompt.
struct RequestLogMiddleware: RouterMiddleware {
    private let refusals = RefusalLogBudget()

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next(request, context)
        let status = response.status.code
        guard response.body.contentLength == nil else {
            log(request, context, status: status, since: start)
            return response
        }
        // A reply of unknown length is a stream: its tokens are known at its end.
        let body = response.body
        response.body = ResponseBody { writer in
            defer { log(request, context, status: status, since: start) }
            do {
                try await body.write(writer)
            } catch {
                let code = APIError(describing: error, dialect: context.dialect).code
                context.record.note { $0.errorCode = code }
                throw error
            }
        }
        return response
    }

    private func log(_ request: Request, _ context: APIContext, status: Int, since start: ContinuousClock.Instant) {
        let record = context.record.contents
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        var metadata: Logger.Metadata = [
            "method": .string(request.method.rawValue),
            "path": .string(String(request.uri.path.prefix(256))),
            "status": .stringConvertible(status),
            "ms": .stringConvertible(milliseconds.rounded()),
        ]
        metadata["model"] = record.model.map { .string($0) }
        metadata["error"] = record.errorCode.map { .string($0) }
        metadata["sound_seconds"] = record.soundSeconds.map { .stringConvertible($0.roundedToMilliseconds) }
        if let usage = record.usage {
            metadata["prompt_tokens"] = .stringConvertible(usage.promptTokens)
            metadata["cached_tokens"] = .stringConvertible(usage.cachedPromptTokens)
            metadata["completion_tokens"] = .stringConvertible(usage.completionTokens)
        }
        if record.errorCode == APIError.unknownHost.code || record.errorCode == APIError.unknownOrigin.code {
            guard let unlogged = refusals.admit(at: .now) else { return }
            if unlogged > 0 { metadata["unlogged_refusals"] = .stringConvertible(unlogged) }
        }
        context.logger.info("request", metadata: metadata)
    }
}
