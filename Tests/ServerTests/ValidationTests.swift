import HTTPTypes
import Inference
import Server
import Testing

@Suite("The body of a chat request")
struct ValidationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let fields: String
        let param: String
        let code: String

        init(_ fields: String, _ param: String, _ code: String) {
            self.fields = fields
            self.param = param
            self.code = code
        }

        var testDescription: String { fields }
    }

    static let wrongTypes = [
        "frequency_penalty": #""a""#, "presence_penalty": "true", "temperature": #""warm""#, "top_p": "[]",
        "top_logprobs": "1.5", "logprobs": "1", "max_tokens": "1.5", "max_completion_tokens": #""10""#, "n": #""2""#,
        "stop": "1", "seed": "0.5", "stream": #""yes""#, "stream_options": "1", "service_tier": "1", "user": "1",
        "top_k": "0.5", "min_p": "{}", "repeat_penalty": "[]", "logit_bias": "[]", "tools": "{}", "functions": "1",
        "tool_choice": "1", "function_call": "1", "response_format": #""text""#, "modalities": #""text""#,
        "parallel_tool_calls": #""no""#, "store": "1", "metadata": "[]",
    ].map { Case("\"\($0)\": \($1)", $0, "invalid_type") }

    static let outOfRange = [
        ("frequency_penalty", "2.1"), ("frequency_penalty", "-2.1"), ("presence_penalty", "3"),
        ("presence_penalty", "-3"), ("temperature", "-0.1"), ("temperature", "2.1"), ("top_p", "1.1"),
        ("top_p", "-1"), ("top_logprobs", "21"), ("max_tokens", "0"), ("max_completion_tokens", "-1"), ("n", "0"),
        ("n", "9"), ("stop", "[]"), ("stop", #"["a","b","c","d","e"]"#), ("top_k", "-1"), ("min_p", "1.1"),
        ("repeat_penalty", "0"), ("repeat_penalty", "2.1"),
    ].map { Case("\"\($0)\": \($1)", $0, "out_of_range") }

    static let wrongValues = [
        Case(#""stop": """#, "stop", "invalid_value"),
        Case(#""stop": ["a", ""]"#, "stop", "invalid_value"),
        Case(#""service_tier": "scale""#, "service_tier", "invalid_value"),
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
    ]

    static let notYet = [
        Case(#""logprobs": true"#, "logprobs", "unsupported_value"),
        Case(#""n": 2"#, "n", "unsupported_value"),
        Case(#""tools": [{"type": "function"}]"#, "tools", "unsupported_parameter"),
        Case(#""functions": [{"name": "f"}]"#, "functions", "unsupported_parameter"),
        Case(#""tool_choice": "required""#, "tool_choice", "unsupported_value"),
        Case(#""tool_choice": {"type": "function"}"#, "tool_choice", "unsupported_value"),
        Case(#""response_format": {"type": "json_object"}"#, "response_format.type", "unsupported_value"),
        Case(#""prediction": {"type": "content"}"#, "prediction", "unsupported_parameter"),
        Case(#""modalities": ["text", "audio"]"#, "modalities[1]", "unsupported_value"),
        Case(#""audio": {"voice": "a"}"#, "audio", "unsupported_parameter"),
        Case(#""grammar": "root ::= \"a\"""#, "grammar", "unsupported_parameter"),
    ]

    @Test("names the field that is wrong, and how", arguments: wrongTypes + outOfRange + wrongValues + notYet)
    func fieldIsNamed(_ wrong: Case) async throws {
        let reply = try await Surface().complete(wrong.fields)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == wrong.param)
        #expect(try reply.error("code") == wrong.code)
    }

    static let messages = [
        Case("1", "messages", "invalid_type"),
        Case("null", "messages", "invalid_type"),
        Case("[]", "messages", "out_of_range"),
        Case("[1]", "messages[0]", "invalid_type"),
        Case("[{}]", "messages[0].role", "missing_required_parameter"),
        Case(#"[{"role": "robot", "content": "a"}]"#, "messages[0].role", "invalid_value"),
        Case(#"[{"role": "user"}]"#, "messages[0].content", "missing_required_parameter"),
        Case(#"[{"role": "user", "content": null}]"#, "messages[0].content", "invalid_type"),
        Case(#"[{"role": "user", "content": 1}]"#, "messages[0].content", "invalid_type"),
        Case(#"[{"role": "user", "content": []}]"#, "messages[0].content", "out_of_range"),
        Case(#"[{"role": "user", "content": [1]}]"#, "messages[0].content[0]", "invalid_type"),
        Case(
            #"[{"role": "user", "content": [{"type": "text"}]}]"#, "messages[0].content[0].text",
            "missing_required_parameter"),
        Case(
            #"[{"role": "user", "content": [{"type": "image_url"}]}]"#, "messages[0].content[0].type",
            "unsupported_value"),
        Case(#"[{"role": "assistant"}]"#, "messages[0].content", "missing_required_parameter"),
        Case(#"[{"role": "assistant", "tool_calls": [{}]}]"#, "messages[0].tool_calls", "unsupported_parameter"),
        Case(#"[{"role": "tool", "content": "a"}]"#, "messages[0].role", "unsupported_value"),
        Case(#"[{"role": "user", "content": "a", "name": 1}]"#, "messages[0].name", "invalid_type"),
    ]

    @Test("names the place in the messages that is wrong", arguments: messages)
    func messageIsNamed(_ wrong: Case) async throws {
        let reply = try await Surface().call(
            .post, "/v1/chat/completions", body: #"{"model": "tiny", "messages": \#(wrong.fields)}"#)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == wrong.param)
        #expect(try reply.error("code") == wrong.code)
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
        #expect(chat.received.first?.sampling == SamplingParameters())
    }

    @Test("becomes the domain's request")
    func translation() async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).call(
            .post, "/v1/chat/completions",
            body: """
                {"model": "small", "temperature": 0, "top_p": 0.5, "top_k": 40, "min_p": 0.1, "seed": -1, "stop": "x",
                 "frequency_penalty": 1, "presence_penalty": -1, "repeat_penalty": 1.5, "logit_bias": {"7": -100},
                 "max_tokens": 5, "max_completion_tokens": 9,
                 "messages": [{"role": "developer", "content": "A"}, {"role": "assistant", "content": null},
                              {"role": "user", "name": "Eve",
                               "content": [{"type": "text", "text": "B"}, {"type": "text", "text": "C"}]}]}
                """)
        #expect(reply.status == 200)
        let request = try #require(chat.received.first)
        #expect(
            request
                == ChatRequest(
                    messages: [
                        ChatMessage(role: .developer, content: "A"), ChatMessage(role: .assistant, content: ""),
                        ChatMessage(role: .user, content: "B\nC", name: "Eve"),
                    ],
                    sampling: SamplingParameters(
                        temperature: 0, topP: 0.5, topK: 40, minP: 0.1, frequencyPenalty: 1, presencePenalty: -1,
                        repetitionPenalty: 1.5, logitBias: [7: -100], seed: .max),
                    stop: ["x"], maximumTokens: 9))
    }
}
