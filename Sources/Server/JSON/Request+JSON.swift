import HTTPTypes
import Hummingbird

extension Request {
    /// The body's JSON, checked whole.
    ///
    /// - Throws: ``ValidationFailure`` with all faults of the fields, or ``APIError`` where it is not JSON, or is said
    ///   to be something else.
    func decode<Value: Decodable & Sendable>(_ type: Value.Type) async throws -> Value {
        try requireJSON()
        return try await JSONBody.decode(type, from: await body.collect(upTo: .max))
    }

    /// The same, of a body that need not be there.
    func decodeIfAny<Value: Decodable & Sendable>(_ type: Value.Type) async throws -> Value? {
        let body = try await body.collect(upTo: .max)
        guard body.readableBytes > 0 else { return nil }
        try requireJSON()
        return try await JSONBody.decode(type, from: body)
    }

    /// - Throws: ``APIError`` where the body is said to be something else than JSON. Saying nothing is fine.
    private func requireJSON() throws {
        guard let type = headers[.contentType] else { return }
        let essence = type.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard essence.trimmingSpaces().lowercased() == "application/json" else { throw APIError.wrongContentType }
    }
}

extension Substring {
    /// Without the spaces and tabs at both ends.
    fileprivate func trimmingSpaces() -> Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
