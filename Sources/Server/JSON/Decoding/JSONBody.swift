import NIOCore
import RunnerProtocol

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Bodies that are one JSON object.
package enum JSONBody {
    /// Bodies up to this size are decoded where they arrive; larger ones must not hold up other connections.
    private static let small = 64 << 10

    /// Decodes a body and checks it whole.
    ///
    /// - Throws: ``ValidationFailure`` with all faults of the fields, or ``APIError`` where it is not JSON.
    package static func decode<Value: Decodable & Sendable>(
        _ type: Value.Type, from buffer: ByteBuffer
    ) async throws -> Value {
        guard buffer.readableBytes > small else { return try decodeHere(type, from: buffer) }
        return try await offLoop { try decodeHere(type, from: buffer) }
    }

    /// Decodes a body on the thread of the caller.
    ///
    /// - Throws: ``ValidationFailure`` with all faults of the fields, or ``APIError`` where it is not JSON.
    package static func decodeHere<Value: Decodable>(_ type: Value.Type, from buffer: ByteBuffer) throws -> Value {
        guard buffer.readableBytes > 0 else { throw APIError.emptyBody }
        let faults = FaultCollector()
        let decoder = JSONDecoder()
        let value: Value?
        do {
            let text = try BodyText(buffer)
            if let key = FaultCollector.key { decoder.userInfo[key] = faults }
            if let key = BodyText.key { decoder.userInfo[key] = text }
            value = try decoder.decode(Checked<Value>.self, from: Data(buffer.readableBytesView)).value
        } catch {
            throw APIError.notJSON
        }
        if let failure = faults.failure { throw failure }
        guard let value else { throw APIError.unexpected }
        return value
    }
}
