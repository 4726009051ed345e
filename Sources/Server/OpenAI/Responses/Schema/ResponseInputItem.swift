import Inference

/// One item of a response's input.
enum ResponseInputItem: Decodable, Sendable {
    case message(role: ChatMessage.Role, text: String)
    case functionCall(ToolCall)
    case functionCallOutput(callID: String, output: String)
    /// What the model thought before what follows.
    case reasoning(String)

    private enum Kind: String, CaseIterable {
        case message, reasoning
        case functionCall = "function_call"
        case functionCallOutput = "function_call_output"
        case itemReference = "item_reference"
        case computerCall = "computer_call"
        case computerCallOutput = "computer_call_output"
        case fileSearchCall = "file_search_call"
        case webSearchCall = "web_search_call"
        case imageGenerationCall = "image_generation_call"
        case codeInterpreterCall = "code_interpreter_call"
        case localShellCall = "local_shell_call"
        case localShellCallOutput = "local_shell_call_output"
        case shellCall = "shell_call"
        case shellCallOutput = "shell_call_output"
        case applyPatchCall = "apply_patch_call"
        case applyPatchCallOutput = "apply_patch_call_output"
        case mcpListTools = "mcp_list_tools"
        case mcpApprovalRequest = "mcp_approval_request"
        case mcpApprovalResponse = "mcp_approval_response"
        case mcpCall = "mcp_call"
        case customToolCall = "custom_tool_call"
        case customToolCallOutput = "custom_tool_call_output"
        case toolSearchCall = "tool_search_call"
        case toolSearchOutput = "tool_search_output"
        case additionalTools = "additional_tools"
        case configurationUpdate = "configuration_update"
        case compaction
        case compactionTrigger = "compaction_trigger"
        case program
        case programOutput = "program_output"
    }

    private enum Role: String, CaseIterable {
        case user, assistant, system, developer
    }

    private enum Status: String, CaseIterable {
        case completed, incomplete
        case inProgress = "in_progress"
    }

    private enum CodingKeys: String, CodingKey {
        case type, role, content, name, arguments, output, summary, status, id
        case callID = "call_id"
        case encryptedContent = "encrypted_content"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        _ = fields.text(.id)
        _ = fields.choice(.status, of: Status.self)
        // A message may leave its type out.
        let kind = fields.isPresent(.type) ? fields.choice(.type, of: Kind.self) : .message
        switch kind {
        case nil:
            throw FaultGathered()
        case .message:
            self = try Self.message(fields)
        case .functionCall:
            self = .functionCall(
                ToolCall(
                    id: fields.requiredText(.callID), name: fields.requiredText(.name),
                    arguments: Self.arguments(fields)))
        case .functionCallOutput:
            fields.require(.output, "a string or an array of content parts")
            self = .functionCallOutput(
                callID: fields.requiredText(.callID),
                output: fields.object(.output, as: ResponseInputContent.self)?.text ?? "")
        case .reasoning:
            self = .reasoning(Self.reasoning(fields))
        default:
            fields.refuse(
                .type, if: true, supported: "message, function_call, function_call_output and reasoning")
            throw FaultGathered()
        }
    }

    private static func message(_ fields: FieldReader<CodingKeys>) throws -> Self {
        fields.require(.role, "one of " + Role.allCases.map(\.rawValue).joined(separator: ", "))
        fields.require(.content, "a string or an array of content parts")
        let role = fields.choice(.role, of: Role.self)
        let content = fields.object(.content, as: ResponseInputContent.self)
        guard let role, let content else { throw FaultGathered() }
        let speaker: ChatMessage.Role =
            switch role {
            case .user: .user
            case .assistant: .assistant
            case .system: .system
            case .developer: .developer
            }
        return .message(role: speaker, text: content.text)
    }

    private static func arguments(_ fields: FieldReader<CodingKeys>) -> String {
        fields.require(.arguments, "a string that is JSON")
        return fields.jsonText(.arguments) ?? ""
    }

    /// The thoughts themselves where they are there, else their summary.
    private static func reasoning(_ fields: FieldReader<CodingKeys>) -> String {
        let content = fields.object(.content, as: ResponseInputContent.self)?.text ?? ""
        let summary = fields.array(.summary, of: ResponseInputPart.self, count: 0 ... .max) ?? []
        if !content.isEmpty { return content }
        // Only who encrypted it could read it.
        fields.refuse(.encryptedContent)
        return summary.map(\.text).joined(separator: "\n")
    }
}
