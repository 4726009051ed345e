import HTTPTypes
import Testing

@Suite("A text completion's request")
struct CompletionValidationTests {
    static let cases = [
        WrongBody(#""n": 1"#, "prompt", "missing_required_parameter"),
        WrongBody(#""prompt": null"#, "prompt", "invalid_type"),
        WrongBody(#""prompt": 1"#, "prompt", "invalid_type"),
        WrongBody(#""prompt": {}"#, "prompt", "invalid_type"),
        WrongBody(#""prompt": []"#, "prompt", "out_of_range"),
        WrongBody(#""prompt": [true]"#, "prompt", "invalid_type"),
        WrongBody(#""prompt": ["a", 1]"#, "prompt[1]", "invalid_type"),
        WrongBody(#""prompt": [1, "a"]"#, "prompt[1]", "invalid_type"),
        WrongBody(#""prompt": [1, -2]"#, "prompt[1]", "out_of_range"),
        WrongBody(#""prompt": [1, 2.5]"#, "prompt[1]", "out_of_range"),
        WrongBody(#""prompt": [1, 4294967296]"#, "prompt[1]", "out_of_range"),
        WrongBody(#""prompt": [[1], []]"#, "prompt[1]", "out_of_range"),
        WrongBody(#""prompt": [[1], "a"]"#, "prompt[1]", "invalid_type"),
        WrongBody(#""prompt": [[1], [2, "a"]]"#, "prompt[1][1]", "invalid_type"),
        WrongBody(#""prompt": "a", "n": 0"#, "n", "out_of_range"),
        WrongBody(#""prompt": "a", "n": 9"#, "n", "out_of_range"),
        WrongBody(#""prompt": "a", "n": "1""#, "n", "invalid_type"),
        WrongBody(#""prompt": "a", "n": 3, "best_of": 2"#, "best_of", "out_of_range"),
        WrongBody(#""prompt": "a", "best_of": 9"#, "best_of", "out_of_range"),
        WrongBody(#""prompt": "a", "best_of": 2, "stream": true"#, "best_of", "invalid_value"),
        WrongBody(#""prompt": "a", "echo": 1"#, "echo", "invalid_type"),
        WrongBody(#""prompt": "a", "logprobs": 21"#, "logprobs", "out_of_range"),
        WrongBody(#""prompt": "a", "logprobs": true"#, "logprobs", "invalid_type"),
        WrongBody(#""prompt": "a", "max_tokens": 0"#, "max_tokens", "out_of_range"),
        WrongBody(#""prompt": "a", "max_tokens": -1"#, "max_tokens", "out_of_range"),
        WrongBody(#""prompt": "a", "suffix": "b""#, "suffix", "unsupported_parameter"),
        WrongBody(#""prompt": "a", "grammar": "root ::= []""#, "grammar", "unsupported_parameter"),
        WrongBody(#""prompt": "a", "response_format": {"type": "text"}"#, "response_format", "unsupported_parameter"),
        WrongBody(#""prompt": "a", "stop": []"#, "stop", "out_of_range"),
        WrongBody(#""prompt": "a", "stop": 1"#, "stop", "invalid_type"),
        WrongBody(#""prompt": "a", "stream": "yes""#, "stream", "invalid_type"),
        WrongBody(#""prompt": "a", "stream_options": {"include_usage": true}"#, "stream_options", "invalid_value"),
        WrongBody(
            #""prompt": "a", "stream": true, "stream_options": {"include_usage": 1}"#, "stream_options.include_usage",
            "invalid_type"),
        WrongBody(#""prompt": "a", "temperature": 2.1"#, "temperature", "out_of_range"),
        WrongBody(#""prompt": "a", "top_p": -1"#, "top_p", "out_of_range"),
        WrongBody(#""prompt": "a", "top_k": -1"#, "top_k", "out_of_range"),
        WrongBody(#""prompt": "a", "min_p": 2"#, "min_p", "out_of_range"),
        WrongBody(#""prompt": "a", "repeat_penalty": 0"#, "repeat_penalty", "out_of_range"),
        WrongBody(#""prompt": "a", "presence_penalty": 3"#, "presence_penalty", "out_of_range"),
        WrongBody(#""prompt": "a", "frequency_penalty": "a""#, "frequency_penalty", "invalid_type"),
        WrongBody(#""prompt": "a", "logit_bias": {"1": 101}"#, "logit_bias.1", "out_of_range"),
        WrongBody(#""prompt": "a", "seed": 1.5"#, "seed", "invalid_type"),
        WrongBody(#""prompt": "a", "user": 1"#, "user", "invalid_type"),
    ]

    @Test("is told which field is wrong", arguments: cases)
    func fieldIsNamed(_ wrong: WrongBody) async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).completeText(wrong.fields)
        try wrong.expect(reply)
        #expect(chat.generations.isEmpty)
    }

    @Test("is told all its faults at once")
    func allFaults() async throws {
        let reply = try await Surface().call(
            .post, "/v1/completions", body: #"{"n": 0, "echo": 1, "temperature": 3, "suffix": "a"}"#)
        let message = try #require(try reply.error("message"))
        for field in ["model", "prompt", "n", "echo", "temperature", "suffix"] {
            #expect(message.contains("\(field): "))
        }
    }

    @Test("may have 2048 prompts, and not one more")
    func promptLimit() async throws {
        let list = { (count: Int) in Array(repeating: "[1]", count: count).joined(separator: ",") }
        #expect(try await Surface().completeText(#""prompt": [\#(list(2_048))]"#).status == 200)
        let reply = try await Surface().completeText(#""prompt": [\#(list(2_049))]"#)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == "prompt")
    }

    @Test("may hold null wherever a field has a default, and fields that nobody knows")
    func nulls() async throws {
        let names = [
            "n", "best_of", "echo", "logprobs", "max_tokens", "stop", "stream", "stream_options", "suffix",
            "temperature", "top_p", "seed", "logit_bias", "user", "presence_penalty", "frequency_penalty",
        ]
        let nulls = names.map { "\"\($0)\": null" }.joined(separator: ", ")
        #expect(try await Surface().completeText(#""prompt": "a", \#(nulls), "colour": [1]"#).status == 200)
    }
}
