import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import RunnerProtocol

extension LlamaStack {
    /// The reply to a request that does not stream.
    struct ChatCompletionResponse: Sendable {
        let answer: GatheredAnswer
        let includesLogprobs: Bool

        /// Written by hand, because the arguments of calls are JSON already and keep their order.
        ///
        /// A call that was cut off for want of tokens has no arguments that could be given, and is left out;
        /// `stop_reason` tells of it.
        var body: ByteBuffer {
            var buffer = ByteBuffer()
            buffer.writeStaticString("{\"completion_message\":{\"role\":\"assistant\",\"content\":\"")
            buffer.writeJSONEscaped(answer.text)
            buffer.writeString("\",\"stop_reason\":\"\(StopReason(answer.reason).rawValue)\",\"tool_calls\":[")
            for (index, call) in answer.toolCalls.filter(\.isWhole).enumerated() {
                if index > 0 { buffer.writeStaticString(",") }
                buffer.writeLlamaStackToolCall(call)
            }
            buffer.writeStaticString("]}")
            if includesLogprobs {
                buffer.writeStaticString(",\"logprobs\":")
                buffer.writeLlamaStackLogprobs(answer.logprobs)
            }
            buffer.writeStaticString("}")
            return buffer
        }
    }
}
