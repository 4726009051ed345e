import HTTPTypes
import Inference
import Server
import Testing

@Suite("A chat request becomes the domain's")
struct ChatTranslationTests {
    /// The request that the domain got for these fields beside a model and a message.
    private func request(_ fields: String) async throws -> ChatRequest {
        let chat = FakeChat([.end(choices: 8)])
        let reply = try await Surface(chat).complete(fields)
        #expect(reply.status == 200, "\(reply.body)")
        return try #require(chat.received.first)
    }

    private func parameters(_ fields: String) async throws -> GenerationParameters {
        try await request(fields).parameters
    }

    @Test("with every field at its default")
    func defaults() async throws {
        let expected = ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")], toolChoice: .none)
        #expect(try await request("") == expected)
    }

    @Test("with the sampling parameters")
    func sampling() async throws {
        let sampling = try await parameters(
            """
            "temperature": 0, "top_p": 0.5, "top_k": 40, "min_p": 0.1, "seed": -1, "frequency_penalty": 1,
            "presence_penalty": -1, "repeat_penalty": 1.5, "logit_bias": {"7": -100, "8": 0.5}
            """
        ).sampling
        #expect(
            sampling
                == SamplingParameters(
                    temperature: 0, topP: 0.5, topK: 40, minP: 0.1, frequencyPenalty: 1, presencePenalty: -1,
                    repetitionPenalty: 1.5, logitBias: [7: -100, 8: 0.5], seed: .max))
    }

    @Test("with one or several stop sequences")
    func stop() async throws {
        #expect(try await parameters(#""stop": "x""#).stop == ["x"])
        #expect(try await parameters(#""stop": ["x", "yy"]"#).stop == ["x", "yy"])
    }

    @Test("with the newer of the two limits of tokens before the older")
    func limits() async throws {
        #expect(try await parameters(#""max_tokens": 5"#).maximumTokens == 5)
        #expect(try await parameters(#""max_completion_tokens": 9"#).maximumTokens == 9)
        #expect(try await parameters(#""max_tokens": 5, "max_completion_tokens": 9"#).maximumTokens == 9)
    }

    @Test("with as many choices as are asked for", arguments: [1, 8])
    func choices(_ count: Int) async throws {
        #expect(try await parameters("\"n\": \(count)").choices == count)
    }

    @Test(
        "with log-probabilities where they are asked for",
        arguments: [
            (#""logprobs": true"#, 0), (#""logprobs": true, "top_logprobs": 0"#, 0),
            (#""logprobs": true, "top_logprobs": 20"#, 20), (#""logprobs": false"#, nil), (#""logprobs": null"#, nil),
        ])
    func logprobs(_ fields: String, _ count: Int?) async throws {
        #expect(try await parameters(fields).topLogprobs == count)
    }

    @Test(
        "with the form of the answer",
        arguments: [
            (#""response_format": {"type": "text"}"#, OutputFormat.text),
            (#""response_format": {"type": "json_object"}"#, .jsonObject),
            (
                #""response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": true, "#
                    + #""schema": {"z": 1, "a": 2}}}"#,
                .jsonSchema(#"{"z": 1, "a": 2}"#)
            ),
            (#""response_format": {"type": "json_schema", "json_schema": {"name": "a"}}"#, .jsonObject),
            (#""grammar": "root ::= \"a\"""#, .grammar(#"root ::= "a""#)),
            (#""grammar": "root ::= \"a\"", "response_format": {"type": "text"}"#, .grammar(#"root ::= "a""#)),
        ])
    func outputFormat(_ fields: String, _ format: OutputFormat) async throws {
        #expect(try await request(fields).outputFormat == format)
    }

    @Test("with a prediction of a string or of parts, which are joined without anything between")
    func prediction() async throws {
        #expect(try await request(#""prediction": {"type": "content", "content": "ab"}"#).prediction == "ab")
        let parts = #"[{"type": "text", "text": "a\n"}, {"type": "text", "text": "b"}]"#
        #expect(
            try await request("\"prediction\": {\"type\": \"content\", \"content\": \(parts)}").prediction == "a\nb")
    }

    @Test("with an effort of reasoning, of which the API has one more", arguments: ReasoningEffort.allCases)
    func reasoningEffort(_ effort: ReasoningEffort) async throws {
        #expect(try await request("\"reasoning_effort\": \"\(effort.rawValue)\"").reasoningEffort == effort)
        #expect(try await request(#""reasoning_effort": "max""#).reasoningEffort == .xhigh)
    }

    @Test(
        "the same with the fields that have no effect",
        arguments: [
            #""user": "a""#, #""store": true"#, #""metadata": {"a": "b"}"#, #""safety_identifier": "a""#,
            #""prompt_cache_key": "a""#, #""prompt_cache_retention": "24h""#, #""verbosity": "medium""#,
            #""prompt_cache_options": {"mode": "explicit", "ttl": "30m"}"#, #""modalities": ["text"]"#,
            #""service_tier": "flex""#, #""parallel_tool_calls": true"#, #""tool_choice": "none""#,
            #""tool_choice": "auto""#, #""tools": []"#, #""functions": []"#, #""colour": [1]"#,
        ])
    func withoutEffect(_ fields: String) async throws {
        #expect(try await request(fields) == (try await request("")))
    }
}
