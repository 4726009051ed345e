import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// A field of a form to be sent.
struct FormPart: Sendable, CustomTestStringConvertible {
    static let boundary = "form-boundary"

    let name: String
    let content: [UInt8]

    init(_ name: String, _ content: [UInt8]) { (self.name, self.content) = (name, content) }

    init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

    var testDescription: String { "\(name), \(content.count) bytes" }

    static func body(_ parts: [FormPart]) -> [UInt8] {
        var body: [UInt8] = []
        for part in parts {
            let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"; filename=\"x\"\r\n\r\n"
            body += Array(head.utf8) + part.content + [0x0D, 0x0A]
        }
        return body + Array("--\(boundary)--\r\n".utf8)
    }
}

extension Surface {
    /// Sends a form that arrives in pieces of this size.
    func send(_ form: [UInt8], to path: String, pieces size: Int = 1 << 20) async throws -> Reply {
        let pieces = stride(from: 0, to: form.count, by: size).map {
            ByteBuffer(bytes: form[$0..<min($0 + size, form.count)])
        }
        let stream = AsyncStream { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish()
        }
        return try await call(
            .post, path, body: RequestBody(asyncSequence: stream),
            headers: [
                .contentType: "multipart/form-data; boundary=\(FormPart.boundary)", .contentLength: "\(form.count)",
            ])
    }
}
