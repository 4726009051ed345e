import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The JSON of an error in one dialect.
///
/// OpenAI's clients look for `error`. The contract shows the same fields at the top in one place, and a problem
/// document (RFC 9457) in another; in its dialect one object is all three.
struct ErrorBody: Encodable {
    let error: APIError
    let dialect: Dialect
    let trace: TraceContext

    /// The body in bytes.
    var bytes: ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and integers always encode; were that ever to fail, an empty object is still valid JSON.
        return ByteBuffer(bytes: (try? encoder.encode(self)) ?? Data("{}".utf8))
    }

    private enum CodingKeys: String, CodingKey {
        case error, message, type, param, code, title, status, traceId
    }

    func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: CodingKeys.self)
        var inner = body.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
        try inner.encode(error.message, forKey: .message)
        try inner.encode(error.kind.rawValue, forKey: .type)
        try inner.encode(error.parameter, forKey: .param)
        try inner.encode(error.code, forKey: .code)
        guard dialect == .contract else { return }
        try body.encode(error.message, forKey: .message)
        try body.encode(error.kind.rawValue, forKey: .type)
        try body.encodeIfPresent(error.parameter, forKey: .param)
        try body.encode(error.code, forKey: .code)
        try body.encode(error.title, forKey: .title)
        try body.encode(error.status, forKey: .status)
        try body.encode(trace.traceparent, forKey: .traceId)
    }
}
