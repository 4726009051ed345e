import HTTPTypes
import Inference
import Server
import Testing

@Suite("A LlamaStack request with a fault")
struct LlamaStackValidationTests {
    @Test(
        "is refused with the field's name",
        arguments: [
            (#""temperature": 1"#, "temperature"),
            (#""tool_config": {}"#, "tool_config"),
            (#""model": "tiny""#, "model"),
            (#""stream": "yes""#, "stream"),
            (#""sampling_params": {}"#, "sampling_params.strategy"),
            (#""sampling_params": {"strategy": {"type": "greedy"}}"#, "sampling_params.strategy"),
            (#""sampling_params": {"strategy": "beam"}"#, "sampling_params.strategy"),
            (#""sampling_params": {"strategy": "greedy", "seed": 1}"#, "sampling_params.seed"),
            (#""sampling_params": {"strategy": "greedy", "temperature": -1}"#, "sampling_params.temperature"),
            (#""sampling_params": {"strategy": "greedy", "top_p": 1.5}"#, "sampling_params.top_p"),
            (#""sampling_params": {"strategy": "greedy", "top_k": -1}"#, "sampling_params.top_k"),
            (#""sampling_params": {"strategy": "greedy", "max_tokens": -1}"#, "sampling_params.max_tokens"),
            (
                #""sampling_params": {"strategy": "greedy", "repetition_penalty": 0}"#,
                "sampling_params.repetition_penalty"
            ),
            (#""logprobs": {"top_k": 21}"#, "logprobs.top_k"),
            (#""logprobs": {"k": 1}"#, "logprobs.k"),
            (#""logprobs": true"#, "logprobs"),
            (#""response_format": {}"#, "response_format.type"),
            (#""response_format": {"type": "json_object"}"#, "response_format.type"),
            (#""response_format": {"type": "json_schema"}"#, "response_format.json_schema"),
            (#""response_format": {"type": "json_schema", "json_schema": 1}"#, "response_format.json_schema"),
            (#""response_format": {"type": "json_schema", "json_schema": {}, "bnf": {}}"#, "response_format.bnf"),
            (#""response_format": {"type": "grammar", "bnf": {}}"#, "response_format.bnf.root"),
            (#""response_format": {"type": "grammar", "bnf": {"end": "[.]"}}"#, "response_format.bnf.root"),
            (#""response_format": {"type": "grammar", "bnf": {"root": 1}}"#, "response_format.bnf.root"),
            (#""response_format": {"type": "grammar", "bnf": {"root": "x", "a b": "y"}}"#, "response_format.bnf"),
            (#""tool_choice": "none""#, "tool_choice"),
            (#""tool_choice": "required""#, "tool_choice"),
            (#""tool_prompt_format": "xml""#, "tool_prompt_format"),
            (#""tool_prompt_format": "function_tag""#, "tool_prompt_format"),
        ])
    func fields(field: String, param: String) async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).llamaStack(field)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == param)
        #expect(try reply.json()["param"] as? String == param)
        #expect(chat.generations.isEmpty)
    }

    @Test(
        "is refused with the place in its messages",
        arguments: [
            (#"{"content": "a"}"#, "messages[0].role"),
            (#"{"role": "tool", "content": "a"}"#, "messages[0].role"),
            (#"{"role": "user"}"#, "messages[0].content"),
            (#"{"role": "user", "content": null}"#, "messages[0].content"),
            (#"{"role": "user", "content": 1}"#, "messages[0].content"),
            (#"{"role": "user", "content": ["a", 1]}"#, "messages[0].content[1]"),
            (#"{"role": "user", "content": "a", "name": "b"}"#, "messages[0].name"),
            (#"{"role": "user", "content": {"image": "data:image/png;base64,"}}"#, "messages[0].content.image"),
            (#"{"role": "user", "content": ["a", {"image": {"format": "png"}}]}"#, "messages[0].content[1].image"),
            (#"{"role": "user", "content": {"image": "ftp://a"}}"#, "messages[0].content.image"),
            (#"{"role": "user", "content": {"picture": "data:"}}"#, "messages[0].content.picture"),
            (#"{"role": "user", "content": "a", "context": [{"image": "data:"}]}"#, "messages[0].context[0].image"),
            (#"{"role": "assistant", "content": "a", "tool_calls": []}"#, "messages[0].stop_reason"),
            (#"{"role": "assistant", "content": "a", "stop_reason": "end_of_turn"}"#, "messages[0].tool_calls"),
            (
                #"{"role": "assistant", "content": "a", "stop_reason": "end_of_turn", "tool_calls": [{"call_id": "c", "tool_name": "f", "arguments": "{}"}]}"#,
                "messages[0].tool_calls[0].arguments"
            ),
            (#"{"role": "ipython", "content": "a", "tool_name": "f"}"#, "messages[0].call_id"),
            (#"{"role": "ipython", "content": "a", "call_id": "c"}"#, "messages[0].tool_name"),
        ])
    func messages(message: String, param: String) async throws {
        let reply = try await Surface().llamaStack(messages: message)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == param)
    }

    @Test("names all its unknown fields at once")
    func unknownFields() async throws {
        let reply = try await Surface().llamaStack(#""b_field": 1, "a_field": 2"#)
        #expect(try reply.error("param") == "a_field")
        #expect(try #require(try reply.error("message")).contains("b_field: "))
    }

    @Test(
        "cannot have a model that is not installed, or not for chat",
        arguments: [
            (#"{"model_id": "none", "messages": [{"role": "user", "content": "a"}]}"#, "model_not_found"),
            (#"{"model_id": "owner/vectors", "messages": [{"role": "user", "content": "a"}]}"#, "invalid_value"),
            (#"{"messages": [{"role": "user", "content": "a"}]}"#, "missing_required_parameter"),
        ])
    func models(body: String, code: String) async throws {
        let reply = try await Surface().call(.post, "/v1/llamastack/inference/chat-completion", body: body)
        #expect(reply.status == 400)
        #expect(try reply.error("code") == code)
        #expect(try reply.error("param") == "model_id")
    }

    @Test(
        "is told of the engine's objection by its own field's name",
        arguments: [
            ("messages", "messages"),
            ("messages[3].content", "messages[3].content"),
            ("messages[1].tool_call_id", "messages[1].call_id"),
            ("messages[1].tool_calls[2].function.arguments", "messages[1].tool_calls[2].arguments"),
            ("messages[1].tool_calls[2].function.name", "messages[1].tool_calls[2].tool_name"),
            ("response_format.json_schema.schema.properties.a", "response_format.json_schema.properties.a"),
            ("response_format.json_schema.schema", "response_format.json_schema"),
            ("grammar", "response_format.bnf"),
            ("tools[0].function.parameters.properties.a.items", "tools[0].parameters.a.items"),
            ("tools[0].function.parameters", "tools[0].parameters"),
            ("tools[0].function.name", "tools[0].tool_name"),
            ("tool_choice", "tool_choice"),
            ("max_tokens", "sampling_params.max_tokens"),
        ])
    func engineFields(engine: String, param: String) async throws {
        let chat = FakeChat(refusing: InferenceError(.invalidRequest, "No.", parameter: engine))
        let reply = try await Surface(chat).llamaStack()
        #expect(reply.status == 400)
        #expect(try reply.error("param") == param)
    }
}
