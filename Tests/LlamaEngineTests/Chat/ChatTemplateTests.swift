import Inference
import LlamaEngine
import Testing

@Suite("ChatTemplate")
struct ChatTemplateTests {
    static let templates = EngineFiles.names(in: "templates", suffix: ".jinja")

    private let conversation = [
        ChatMessage(role: .system, content: "SYSTEM-TEXT"), ChatMessage(role: .user, content: "FIRST-QUESTION"),
        ChatMessage(role: .assistant, content: "FIRST-ANSWER"), ChatMessage(role: .user, content: "SECOND-QUESTION"),
    ]

    private func template(_ name: String) throws -> ChatTemplate {
        try ChatTemplate(
            source: EngineFiles.text("templates/\(name)"), beginOfSequence: "<BOS>", endOfSequence: "<EOS>")
    }

    /// Where each text stands in the prompt; `nil` where one is missing or they are out of order.
    private func order(of texts: [String], in prompt: String) -> [Range<String.Index>]? {
        var start = prompt.startIndex
        var found: [Range<String.Index>] = []
        for text in texts {
            guard let range = prompt[start...].firstRange(of: text) else { return nil }
            found.append(range)
            start = range.upperBound
        }
        return found
    }

    @Test("The engine's collection of templates is there")
    func templatesAreThere() {
        #expect(Self.templates.count > 40)
    }

    @Test("A template renders a conversation in order, or says why it cannot", arguments: templates)
    func rendersAConversation(name: String) throws {
        let template = try template(name)
        do {
            let prompt = try template.render(ChatRequest(messages: conversation)).prompt
            #expect(order(of: conversation.dropFirst().map(\.content), in: prompt) != nil)
            // Some put the system's text in front of the last question.
            #expect(prompt.contains(conversation[0].content))
        } catch let error as InferenceError {
            #expect(error.kind == .invalidRequest)
            #expect(error.parameter == "messages")
            #expect(error.message.hasPrefix("The model's chat template refuses these messages: "))
            #expect(!error.message.contains("QUESTION"))
        }
    }

    @Test("A template renders a single question", arguments: templates)
    func rendersAQuestion(name: String) throws {
        let prompt = try template(name).render(
            ChatRequest(messages: [ChatMessage(role: .user, content: "ONLY-QUESTION")])
        ).prompt
        #expect(prompt.contains("ONLY-QUESTION"))
        #expect(prompt != "ONLY-QUESTION")
    }

    @Test("A template without a system role gets the system's text in front of the first user message")
    func systemTextGoesBeforeTheFirstUserMessage() throws {
        let prompt = try template("google-gemma-2-2b-it.jinja").render(ChatRequest(messages: conversation)).prompt
        let places = try #require(order(of: conversation.map(\.content), in: prompt))
        let between = prompt[places[0].upperBound..<places[1].lowerBound]
        #expect(between.allSatisfy { $0.isWhitespace }, "both in one message")
        #expect(order(of: ["<start_of_turn>user", "SYSTEM-TEXT"], in: prompt) != nil)
    }

    @Test("The prompt is the model's format and ends where the answer begins")
    func chatMLIsWritten() throws {
        let source = """
            {%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\
            {%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{%- endif %}
            """
        let template = try ChatTemplate(source: source, beginOfSequence: "", endOfSequence: "<|im_end|>")
        let prompt = try template.render(
            ChatRequest(messages: [
                ChatMessage(role: .system, content: "Be brief."),
                ChatMessage(role: .user, content: "Hi \"you\"\n🦙"),
            ])
        ).prompt
        #expect(
            prompt == """
                <|im_start|>system
                Be brief.<|im_end|>
                <|im_start|>user
                Hi "you"
                🦙<|im_end|>
                <|im_start|>assistant

                """)
    }

    @Test("A developer message is a system message for templates that know no such role")
    func developerIsSystem() throws {
        let template = try template("Qwen-Qwen2.5-7B-Instruct.jinja")
        var developed = conversation
        developed[0].role = .developer
        let prompt = try template.render(ChatRequest(messages: conversation)).prompt
        #expect(try template.render(ChatRequest(messages: developed)).prompt == prompt)
    }

    @Test(
        "A broken template is an error",
        arguments: ["{% for message in messages %}", "{{ messages[0] ", "{% if %}x{% endif %}", "{% nonsense %}"])
    func brokenTemplateThrows(source: String) {
        #expect(throws: InferenceError.self) {
            _ = try ChatTemplate(source: source, beginOfSequence: "", endOfSequence: "")
                .render(ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")]))
        }
    }

    @Test("A template's own refusal reaches the caller in its words")
    func refusalReachesTheCaller() throws {
        let source = "{{ raise_exception('Roles must alternate') if messages|length > 1 else messages[0].content }}"
        let template = try ChatTemplate(source: source, beginOfSequence: "", endOfSequence: "")
        let error = #expect(throws: InferenceError.self) { try template.render(ChatRequest(messages: conversation)) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message == "The model's chat template refuses these messages: Roles must alternate.")
    }
}
