import NIOCore
import RunnerProtocol

extension String {
    /// The text as a JSON string.
    var quotedAsJSON: String {
        var buffer = ByteBuffer()
        buffer.writeStaticString("\"")
        buffer.writeJSONEscaped(self)
        buffer.writeStaticString("\"")
        return String(buffer: buffer)
    }
}
