import CLlamaShim
import Inference

/// What form the text of an answer has to have that calls nothing.
struct AnswerForm {
    private enum Form {
        case text
        case json(JSONValue, SchemaPreparation)
        case grammar(String)
    }

    private let form: Form

    init(_ format: OutputFormat, besides callable: CallableTools?) throws {
        switch format {
        case .text: form = .text
        case .jsonObject:
            form = .json(.object(["type": .string("object")]), SchemaPreparation())
        case .jsonSchema(let schema):
            var preparation = SchemaPreparation()
            form = .json(
                try preparation.value(of: schema, parameter: "response_format.json_schema.schema"), preparation)
        case .grammar(let gbnf):
            try GBNFCheck.check(gbnf)
            form = .grammar(gbnf)
        }
        if let callable, !callable.isRequired, format != .text {
            throw InferenceError(
                .invalidRequest,
                "A form of the answer and tools that may be called go together only where it is settled which of the "
                    + "two comes: set tool_choice to none, to required, or to a function.",
                parameter: "response_format")
        }
    }

    /// A grammar of the user's is about the whole answer, thoughts and all.
    var allowsThinking: Bool {
        if case .grammar = form { false } else { true }
    }

    func chat(
        _ shown: TemplateHandle.Rendering, _ conversation: Conversation, by template: borrowing TemplateHandle
    ) throws -> RenderedChat {
        var chat = RenderedChat(
            prompt: shown.prompt, stops: shown.stops, grammar: nil, preservedTokens: [], parser: nil)
        let parser = try AnswerParser(shown)
        switch form {
        case .text where parser.changesPlainText:
            chat.parser = parser
            chat.preservedTokens = shown.preserved
        case .text: break
        case .grammar(let gbnf): chat.grammar = GrammarSource(gbnf: gbnf)
        case .json(let schema, let preparation) where parser.changesPlainText:
            // The model's format holds more than the JSON: thoughts before it, a mark of where the answer begins.
            let answer = try ChatTemplate.render(conversation.request(schema: schema), by: template)
            guard !answer.grammar.isEmpty, !answer.lazy else {
                chat.grammar = GrammarSource(gbnf: try preparation.grammar(of: schema))
                break
            }
            chat.grammar = answer.source(preparation.completing(answer.grammar))
            chat.parser = try AnswerParser(answer)
            chat.preservedTokens = answer.preserved
        case .json(let schema, let preparation):
            chat.grammar = GrammarSource(gbnf: try preparation.grammar(of: schema))
        }
        return chat
    }
}
