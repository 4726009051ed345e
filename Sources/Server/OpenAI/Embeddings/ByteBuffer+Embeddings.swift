import Inference
import NIOCore
import RunnerProtocol

extension ByteBuffer {
    /// Writes the reply to `POST …/embeddings`. The numbers are written once, straight into the buffer: a reply may have
    /// a million and a half of them.
    package mutating func writeEmbeddingResponse(_ embeddings: Embeddings, model: String, asBase64: Bool) {
        writeEmbeddingResponse(embeddings, model: model, asBase64 ? .base64 : .float)
    }

    mutating func writeEmbeddingResponse(_ embeddings: Embeddings, model: String, _ encoding: EmbeddingEncoding) {
        // About 13 bytes a number, and what surrounds each vector; the last is written into room for the longest numbers.
        let numbers = embeddings.values.count * (encoding == .float ? 13 : 6) + embeddings.dimensions * 17
        reserveCapacity(numbers + embeddings.values.count / max(1, embeddings.dimensions) * 64 + 1_024)
        writeStaticString("{\"object\":\"list\",\"data\":[")
        for (index, vector) in embeddings.vectors.enumerated() {
            if index > 0 { writeStaticString(",") }
            writeString("{\"object\":\"embedding\",\"index\":\(index),\"embedding\":")
            switch encoding {
            case .float:
                writeJSONArray(vector)
            case .base64:
                writeStaticString("\"")
                writeBase64(vector)
                writeStaticString("\"")
            }
            writeStaticString("}")
        }
        writeStaticString("],\"model\":\"")
        writeJSONEscaped(model)
        let tokens = embeddings.promptTokens
        writeString("\",\"usage\":{\"prompt_tokens\":\(tokens),\"total_tokens\":\(tokens)}}")
    }
}
