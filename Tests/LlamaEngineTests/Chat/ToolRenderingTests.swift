import Inference
import LlamaEngine
import Testing

@Suite("Tools in prompts")
struct ToolRenderingTests {
    static let templates = EngineFiles.names(in: "templates", suffix: ".jinja")

    private static let tool = Tool(
        name: "look_up", description: "TOOL-DESCRIPTION",
        parameters: #"{"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}"#)

    private func template(_ name: String) throws -> ChatTemplate {
        try ChatTemplate(
            source: EngineFiles.text("templates/\(name)"), beginOfSequence: "<BOS>", endOfSequence: "<EOS>")
    }

    private func request(_ choice: ToolChoice = .auto) -> ChatRequest {
        ChatRequest(messages: [ChatMessage(role: .user, content: "QUESTION")], tools: [Self.tool], toolChoice: choice)
    }

    @Test("Every template shows the tools, and a call can be required", arguments: templates)
    func showsAndRequires(name: String) throws {
        let template = try template(name)
        do {
            let chat = try template.render(request(.required))
            #expect(chat.prompt.contains("look_up"))
            #expect(chat.prompt.contains("QUESTION"))
            let grammar = try #require(chat.grammar)
            guard case .atOnce = grammar.beginning else {
                Issue.record("a required call is constrained from the first token")
                return
            }
            #expect(chat.parser != nil)
        } catch let error as InferenceError {
            // Firefunction and the like insist on fields of their own.
            #expect(error.parameter == "messages")
        }
    }

    @Test(
        "Calls and their results go back in, where the template knows no tools too",
        arguments: [
            "microsoft-Phi-3.5-mini-instruct.jinja", "google-gemma-2-2b-it.jinja", "Qwen-Qwen3-0.6B.jinja",
            "meta-llama-Llama-3.1-8B-Instruct.jinja", "openai-gpt-oss-120b.jinja",
        ])
    func historyOfCalls(name: String) throws {
        var request = request()
        request.messages += [
            ChatMessage(
                role: .assistant, content: "",
                toolCalls: [ToolCall(id: "call_1", name: "look_up", arguments: #"{"word": "FIRST-WORD"}"#)]),
            ChatMessage(role: .tool, content: "FIRST-RESULT", toolCallID: "call_1"),
            ChatMessage(role: .user, content: "SECOND-QUESTION"),
        ]
        let prompt = try template(name).render(request).prompt
        for text in ["QUESTION", "FIRST-WORD", "FIRST-RESULT", "SECOND-QUESTION"] { #expect(prompt.contains(text)) }
    }

    @Test("Where nothing may be called, nothing is constrained")
    func noneIsFree() throws {
        let chat = try template("Qwen-Qwen2.5-7B-Instruct.jinja").render(request(.none))
        #expect(chat.grammar == nil)
        #expect(chat.parser == nil)
    }

    @Test("A function that is named is the only one in the grammar")
    func namedFunction() throws {
        var request = request(.function("look_up"))
        request.tools.append(Tool(name: "other", parameters: nil))
        let chat = try template("Qwen-Qwen2.5-7B-Instruct.jinja").render(request)
        #expect(chat.prompt.contains("other"))
        #expect(chat.grammar?.gbnf.contains("look_up") == true)
        #expect(chat.grammar?.gbnf.contains("other") == false)
    }

    @Test("A function that is not there cannot be named")
    func unknownFunction() throws {
        let error = #expect(throws: InferenceError.self) {
            try template("Qwen-Qwen2.5-7B-Instruct.jinja").render(request(.function("missing")))
        }
        #expect(error?.parameter == "tool_choice")
    }

    @Test("A strict tool's schema has to be enforceable; another's is followed as far as it goes")
    func strictTools() throws {
        let schema = #"{"type": "object", "properties": {"words": {"type": "array", "uniqueItems": true}}}"#
        var request = request(.required)
        request.tools = [Tool(name: "look_up", parameters: schema, isStrict: false)]
        let template = try template("Qwen-Qwen2.5-7B-Instruct.jinja")
        #expect(try template.render(request).grammar != nil)
        request.tools[0].isStrict = true
        let error = #expect(throws: InferenceError.self) { try template.render(request) }
        #expect(error?.parameter == "tools[0].function.parameters.properties.words.uniqueItems")
    }

    @Test("A participant's name stands before the text")
    func names() throws {
        let messages = [ChatMessage(role: .user, content: "Hello", name: "Ada")]
        let chat = try template("Qwen-Qwen2.5-7B-Instruct.jinja").render(ChatRequest(messages: messages))
        #expect(chat.prompt.contains("user\nAda: Hello<"))
    }

    @Test("No effort is no thinking")
    func noThinking() throws {
        let messages = [ChatMessage(role: .user, content: "Hello")]
        let template = try template("Qwen-Qwen3-0.6B.jinja")
        let chat = try template.render(ChatRequest(messages: messages, reasoningEffort: ReasoningEffort.none))
        #expect(chat.prompt.contains("<think>\n\n</think>"))
        #expect(try !template.render(ChatRequest(messages: messages)).prompt.contains("</think>"))
    }
}
