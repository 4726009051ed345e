import Inference
import Runners

extension LlamaStack {
    /// The body of `POST …/inference/chat-completion`. Each field's rule is the line that reads it.
    package struct ChatCompletionRequest: Decodable, Sendable {
        let modelID: String
        let messages: [Message]
        let samplingParams: SamplingParams
        let responseFormat: OutputFormat
        let tools: [Tool]
        let toolChoice: ToolChoice
        /// Of how many of the most likely tokens log-probabilities are wanted, beside the chosen one's.
        let topLogprobs: Int?
        let streams: Bool
        let keepAlive: KeepAlive?

        private enum CodingKeys: String, CodingKey {
            case model, messages, stream, logprobs, tools
            case modelID = "model_id"
            case samplingParams = "sampling_params"
            case responseFormat = "response_format"
            case toolChoice = "tool_choice"
            case toolPromptFormat = "tool_prompt_format"
            case keepAlive = "keep_alive"
        }

        package init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            modelID = fields.modelID(.modelID, olderName: .model)
            fields.require(.messages, "an array of messages")
            messages = fields.array(.messages, of: Message.self, count: 1 ... .max) ?? []
            samplingParams = fields.object(.samplingParams, as: SamplingParams.self) ?? SamplingParams()
            responseFormat = fields.object(.responseFormat, as: ResponseFormat.self)?.format ?? .text
            topLogprobs = fields.object(.logprobs, as: Logprobs.self)?.topK
            streams = fields.flag(.stream) ?? false
            keepAlive = fields.keepAlive(.keepAlive)

            let faultsBefore = decoder.faults.count
            tools =
                fields.array(.tools, of: ToolDefinition.self, count: 0...ToolSelection.maximumCount)?.map(\.tool) ?? []
            // Indices can be told only where every tool could be read.
            if decoder.faults.count == faultsBefore {
                decoder.faults.addRepeatedNames(of: tools) { index in
                    [CodingKeys.tools, AnyKey(intValue: index), ToolDefinition.CodingKeys.toolName]
                }
            }
            toolChoice = fields.choice(.toolChoice, of: ToolChoice.self) ?? .auto
            if toolChoice == .required, tools.isEmpty {
                fields.fault(.invalidValue, .toolChoice, "asks for a call, but there are no `tools`")
            }
            // The template of each model has a format of its own; the reply is the same whichever it is.
            let format = fields.choice(.toolPromptFormat, of: ToolPromptFormat.self)
            if let format, format != .json {
                fields.fault(
                    .unsupportedValue, .toolPromptFormat,
                    "tools are described to each model in the format it was trained for; send json, or leave it out")
            }
        }
    }

    /// Asks for the log-probabilities of the answer's tokens.
    private struct Logprobs: Decodable {
        let topK: Int

        private enum CodingKeys: String, CodingKey {
            case topK = "top_k"
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            topK = fields.integer(.topK, in: 0...20) ?? 0
        }
    }
}
