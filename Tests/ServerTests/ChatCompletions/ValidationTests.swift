import HTTPTypes
import Inference
import Server
import Testing

@Suite("The body of a chat request")
struct ValidationTests {
    typealias Case = WrongBody

    static let wrongTypes = [
        "frequency_penalty": #""a""#, "presence_penalty": "true", "temperature": #""warm""#, "top_p": "[]",
        "top_logprobs": "1.5", "logprobs": "1", "max_tokens": "1.5", "max_completion_tokens": #""10""#, "n": #""2""#,
        "stop": "1", "seed": "0.5", "stream": #""yes""#, "stream_options": "1", "service_tier": "1", "user": "1",
        "top_k": "0.5", "min_p": "{}", "repeat_penalty": "[]", "logit_bias": "[]", "tools": "{}", "functions": "1",
        "tool_choice": "1", "function_call": "1", "response_format": #""text""#, "modalities": #""text""#,
        "parallel_tool_calls": #""no""#, "store": "1", "metadata": "[]", "prediction": #""a""#, "grammar": "1",
        "reasoning_effort": "1", "verbosity": "1", "safety_identifier": "1", "prompt_cache_key": "{}",
        "prompt_cache_retention": "1", "prompt_cache_options": "1",
    ].map { Case("\"\($0)\": \($1)", $0, "invalid_type") }

    static let outOfRange = [
        ("frequency_penalty", "2.1"), ("frequency_penalty", "-2.1"), ("presence_penalty", "3"),
        ("presence_penalty", "-3"), ("temperature", "-0.1"), ("temperature", "2.1"), ("top_p", "1.1"),
        ("top_p", "-1"), ("top_logprobs", "21"), ("max_tokens", "0"), ("max_completion_tokens", "-1"), ("n", "0"),
        ("n", "9"), ("stop", "[]"), ("stop", #"["a","b","c","d","e"]"#), ("top_k", "-1"), ("min_p", "1.1"),
        ("repeat_penalty", "0"), ("repeat_penalty", "2.1"),
        ("safety_identifier", "\"\(String(repeating: "a", count: 129))\""),
    ].map { Case("\"\($0)\": \($1)", $0, "out_of_range") }

    static let wrongValues = [
        Case(#""stop": """#, "stop", "invalid_value"),
        Case(#""stop": ["a", ""]"#, "stop", "invalid_value"),
        Case(#""service_tier": "first""#, "service_tier", "invalid_value"),
        Case(#""reasoning_effort": "some""#, "reasoning_effort", "invalid_value"),
        Case(#""verbosity": "silent""#, "verbosity", "invalid_value"),
        Case(#""prompt_cache_retention": "1h""#, "prompt_cache_retention", "invalid_value"),
        Case(#""prompt_cache_options": {"mode": "no"}"#, "prompt_cache_options.mode", "invalid_value"),
        Case(#""prediction": {"type": "guess", "content": "a"}"#, "prediction.type", "invalid_value"),
        Case(#""prediction": {"type": "content"}"#, "prediction.content", "missing_required_parameter"),
        Case(
            #""prediction": {"type": "content", "content": [{"type": "image_url"}]}"#, "prediction.content[0].type",
            "invalid_value"),
        Case(#""grammar": """#, "grammar", "invalid_value"),
        Case(
            #""grammar": "root ::= \"a\"", "response_format": {"type": "json_object"}"#, "grammar", "invalid_value"),
        Case(#""stream_options": {"include_usage": true}"#, "stream_options", "invalid_value"),
        Case(
            #""stream": true, "stream_options": {"include_usage": 1}"#, "stream_options.include_usage", "invalid_type"),
        Case(#""logit_bias": {"x": 1}"#, "logit_bias", "invalid_value"),
        Case(#""logit_bias": {"5": 101}"#, "logit_bias.5", "out_of_range"),
        Case(#""logit_bias": {"5": null}"#, "logit_bias.5", "invalid_type"),
        Case(#""top_logprobs": 3"#, "top_logprobs", "invalid_value"),
        Case(#""tool_choice": "perhaps""#, "tool_choice", "invalid_value"),
        Case(#""response_format": {"type": "xml"}"#, "response_format.type", "invalid_value"),
        Case(#""response_format": {}"#, "response_format.type", "missing_required_parameter"),
        Case(#""modalities": ["smell"]"#, "modalities[0]", "invalid_value"),
        Case(#""metadata": {"a": 1}"#, "metadata.a", "invalid_type"),
        Case(#""metadata": {"a": "\#(String(repeating: "b", count: 513))"}"#, "metadata.a", "out_of_range"),
        Case(#""metadata": {"\#(String(repeating: "b", count: 65))": "a"}"#, "metadata", "out_of_range"),
        Case(
            "\"metadata\": {\((0..<17).map { "\"\($0)\": \"\"" }.joined(separator: ","))}", "metadata", "out_of_range"),
    ]

    static let refused = [
        Case(#""modalities": ["text", "audio"]"#, "modalities[1]", "unsupported_value"),
        Case(#""audio": {"voice": "a", "format": "mp3"}"#, "audio", "unsupported_parameter"),
        Case(#""moderation": {"model": "a"}"#, "moderation", "unsupported_parameter"),
        Case(#""web_search_options": {}"#, "web_search_options", "unsupported_parameter"),
        Case(#""verbosity": "low""#, "verbosity", "unsupported_value"),
        Case(#""verbosity": "high""#, "verbosity", "unsupported_value"),
        Case(
            #""stream": true, "stream_options": {"include_obfuscation": true}"#, "stream_options.include_obfuscation",
            "unsupported_value"),
    ]

    @Test("names the field that is wrong, and how", arguments: wrongTypes + outOfRange + wrongValues + refused)
    func fieldIsNamed(_ wrong: Case) async throws {
        for base in ["/v1", "/v1/openai"] {
            try wrong.expect(try await Surface().complete(wrong.fields, base: base))
        }
    }

    @Test("is told all its faults at once")
    func allFaults() async throws {
        let reply = try await Surface().call(
            .post, "/v1/chat/completions",
            body: #"{"messages": [{"role": "user", "content": 1}, {"role": 2}], "temperature": 3, "top_p": "a"}"#)
        let message = try #require(try reply.error("message"))
        for field in ["model", "messages[0].content", "messages[1].role", "temperature", "top_p"] {
            #expect(message.contains("\(field): "))
        }
    }

    @Test("says how many faults it does not list")
    func boundedFaults() async throws {
        let messages = Array(repeating: "1", count: 10_000).joined(separator: ",")
        let reply = try await Surface().call(
            .post, "/v1/chat/completions", body: #"{"model": "tiny", "messages": [\#(messages)]}"#)
        #expect(reply.status == 400)
        #expect(try reply.error("message")?.hasSuffix("and 9980 more") == true)
    }

    @Test("is refused where it is not a JSON object", arguments: ["{", "", "no", "\"text\"", "[]", "{\"a\":}"])
    func notAnObject(_ body: String) async throws {
        let reply = try await Surface().call(.post, "/v1/chat/completions", body: body)
        #expect(reply.status == 400)
        #expect(try reply.error("type") == "invalid_request_error")
    }

    @Test("may hold null wherever a field has a default, and fields that nobody knows")
    func nullsAndUnknownFields() async throws {
        let chat = FakeChat([.end()])
        let fields = (Self.wrongTypes.map { "\"\($0.param)\": null" } + [#""colour": {"a": [1]}"#])
        let reply = try await Surface(chat).complete(fields.joined(separator: ", "))
        #expect(reply.status == 200)
        #expect(chat.received.first?.parameters == GenerationParameters())
    }
}
