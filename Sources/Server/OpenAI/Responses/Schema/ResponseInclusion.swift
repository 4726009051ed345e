/// What a response is to hold beside its output.
///
/// Most of the API's values are about tools of OpenAI's own, and there is nothing to include where these are not; the
/// thoughts of a model are never encrypted, and always whole in its reasoning items.
enum ResponseInclusion: String, CaseIterable, Decodable, Sendable {
    case logprobs = "message.output_text.logprobs"
    case encryptedReasoning = "reasoning.encrypted_content"
    case fileSearchResults = "file_search_call.results"
    case webSearchResults = "web_search_call.results"
    case webSearchSources = "web_search_call.action.sources"
    case inputImages = "message.input_image.image_url"
    case computerImages = "computer_call_output.output.image_url"
    case codeInterpreterOutputs = "code_interpreter_call.outputs"

    init(from decoder: any Decoder) throws {
        guard let name = try? decoder.singleValueContainer().decode(String.self) else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(.wrongType, at: decoder.codingPath, "expected a string, found \(found)")
            throw FaultGathered()
        }
        guard let value = Self(rawValue: name) else {
            decoder.faults.add(
                .invalidValue, at: decoder.codingPath,
                "expected one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
            throw FaultGathered()
        }
        self = value
    }
}
