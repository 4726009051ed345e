import Inference
import NIOCore
import RunnerProtocol

extension ByteBuffer {
    /// Writes a `ToolCall`; its arguments have to be a JSON object.
    mutating func writeLlamaStackToolCall(_ call: ToolCall) {
        writeStaticString("{\"call_id\":\"")
        writeJSONEscaped(call.id)
        writeStaticString("\",\"tool_name\":\"")
        writeJSONEscaped(call.name)
        writeStaticString("\",\"arguments\":")
        writeString(call.arguments)
        writeStaticString("}")
    }

    /// Writes an array of one `TokenLogProbs` for each token: what was likely in its place, likeliest first, and the
    /// token itself where it is not among those.
    mutating func writeLlamaStackLogprobs(_ tokens: [TokenLogprob]) {
        writeStaticString("[")
        for (index, token) in tokens.enumerated() {
            writeStaticString(index == 0 ? "{\"logprobs_by_token\":{" : ",{\"logprobs_by_token\":{")
            // Two tokens may be spelt the same; the likelier one stays.
            var spellings: Set<String> = []
            for (bytes, logprob) in token.top.map({ ($0.bytes, $0.logprob) }) + [(token.bytes, token.logprob)] {
                let spelling = CompletionTokenText.spelling(bytes)
                guard spellings.insert(spelling).inserted else { continue }
                writeStaticString(spellings.count == 1 ? "\"" : ",\"")
                writeJSONEscaped(spelling)
                writeStaticString("\":")
                writeString(logprob.wire.description)
            }
            writeStaticString("}}")
        }
        writeStaticString("]")
    }
}

extension ToolCall {
    /// Whether the arguments are a JSON object. Those of a call that was cut off are not.
    var isWhole: Bool {
        arguments.utf8.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == UInt8(ascii: "{")
            && arguments.isJSON
    }
}
