import Inference
import NIOCore
import RunnerProtocol

extension ByteBuffer {
    /// Writes a token's log-probability as chat completions and responses have it: an object with `token`, `logprob`,
    /// `bytes` and `top_logprobs`.
    mutating func writeTokenLogprob(_ token: TokenLogprob) {
        writeCandidate(token.bytes, token.logprob)
        writeStaticString(",\"top_logprobs\":[")
        for (index, candidate) in token.top.enumerated() {
            if index > 0 { writeStaticString(",") }
            writeCandidate(candidate.bytes, candidate.logprob)
            writeStaticString("}")
        }
        writeStaticString("]}")
    }

    /// Without the closing brace.
    private mutating func writeCandidate(_ bytes: [UInt8], _ logprob: Float?) {
        writeStaticString("{\"token\":\"")
        writeJSONEscaped(String(decoding: bytes, as: UTF8.self))
        writeStaticString("\",\"logprob\":")
        writeString(logprob.wire.description)
        writeStaticString(",\"bytes\":[")
        for (index, byte) in bytes.enumerated() {
            if index > 0 { writeStaticString(",") }
            writeString(String(byte))
        }
        writeStaticString("]")
    }
}

extension Float? {
    /// A log-probability as JSON can have it: what is impossible, or has none, is the -9999 that OpenAI's API documents
    /// for tokens that are very unlikely.
    var wire: Float {
        guard let self, self.isFinite else { return -9999 }
        return self
    }
}
