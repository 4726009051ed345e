import Server
import Testing

@Suite("The form that a chat request asks for")
struct ChatResponseFormatTests {
    private static func schema(_ inside: String) -> String {
        "\"response_format\": {\"type\": \"json_schema\", \"json_schema\": \(inside)}"
    }

    static let wrong: [WrongBody] = [
        WrongBody(
            #""response_format": {"type": "json_schema"}"#, "response_format.json_schema",
            "missing_required_parameter"),
        WrongBody(schema("1"), "response_format.json_schema", "invalid_type"),
        WrongBody(schema("{}"), "response_format.json_schema.name", "missing_required_parameter"),
        WrongBody(schema(#"{"name": "a b"}"#), "response_format.json_schema.name", "invalid_value"),
        WrongBody(schema(#"{"name": "a", "schema": []}"#), "response_format.json_schema.schema", "invalid_type"),
        WrongBody(schema(#"{"name": "a", "schema": "{}"}"#), "response_format.json_schema.schema", "invalid_type"),
        WrongBody(schema(#"{"name": "a", "strict": "yes"}"#), "response_format.json_schema.strict", "invalid_type"),
        WrongBody(
            schema(#"{"name": "a", "description": 1}"#), "response_format.json_schema.description", "invalid_type"),
    ]

    @Test("is refused where it is wrong, and the place is named", arguments: wrong)
    func refused(_ wrong: WrongBody) async throws {
        for base in ["/v1", "/v1/openai"] {
            try wrong.expect(try await Surface().complete(wrong.fields, base: base))
        }
    }
}
