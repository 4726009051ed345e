import HTTPTypes
import Hummingbird
import NIOCore
import RunnerProtocol

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Response {
    /// A reply of one JSON value, its keys in a fixed order: the same value is the same bytes.
    init(json value: some Encodable, status: HTTPResponse.Status = .ok) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = ByteBuffer(bytes: try encoder.encode(value))
        self.init(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
    }

    /// A reply of JSON that is written by hand.
    ///
    /// - Parameter size: about how much there is to write, in numbers or bytes; much of it is written away from the loop,
    ///   which other connections need.
    init(writingJSON size: Int, _ write: @escaping @Sendable (inout ByteBuffer) -> Void) async {
        let body = size > 4_096 ? await offLoop { Self.written(write) } : Self.written(write)
        self.init(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
    }

    private static func written(_ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(&buffer)
        return buffer
    }
}
