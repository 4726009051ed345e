import CLlamaShim
import Inference
import SystemSupport

/// The model's own way of writing a conversation down as one prompt, and what follows from it for the answer: its Jinja
/// template, run by llama.cpp's `common`.
///
/// A model without a template gets ChatML. A template that knows no system role gets the system's text in front of
/// the first user message; `developer` is `system` for templates that know no such role. Tools are shown and called in
/// the model's own format; a template that knows none gets them in words, see ``ToolInstructions``.
package final class ChatTemplate: Sendable {
    // One rendering at a time: the interpreter's values are shared by reference count.
    private let template: Locked<TemplateHandle>
    private let style: ToolStyle
    private let callsInParallel: Bool

    convenience init(_ model: LlamaModel) throws {
        try self.init(TemplateHandle { dpais_chat_template_create(model.pointer, $0) })
    }

    /// A template given as text.
    package convenience init(source: String, beginOfSequence: String, endOfSequence: String) throws {
        try self.init(
            TemplateHandle {
                dpais_chat_template_create_from_source(source, beginOfSequence, endOfSequence, $0)
            })
    }

    private init(_ handle: consuming sending TemplateHandle) throws {
        let capabilities = try handle.capabilities()
        style = ToolStyle(capabilities, of: handle)
        callsInParallel = capabilities.supportsParallelToolCalls || style == .instructed
        template = Locked(handle)
    }

    /// The prompt of a conversation, ready for the answer, and what the answer has to keep to.
    ///
    /// - Throws: ``InferenceError`` of kind `invalidRequest` where the template refuses the conversation, as some do
    ///   when user and assistant do not take turns, or where a tool's schema or the answer's form cannot be enforced.
    package func render(_ request: ChatRequest) throws -> RenderedChat {
        let callable = try CallableTools(request, inParallel: callsInParallel)
        let conversation = Conversation(request, style)
        let format = try AnswerForm(request.outputFormat, besides: callable)
        return try template.withLock { template in
            let shown = try Self.render(conversation.request(thinking: format.allowsThinking), by: template)
            guard let callable else { return try format.chat(shown, conversation, by: template) }
            return try callable.chat(shown, conversation, by: template)
        }
    }

    static func render(
        _ request: JSONObject, by template: borrowing TemplateHandle
    ) throws -> TemplateHandle.Rendering {
        do {
            return try template.render(request)
        } catch .refused(let reason) {
            throw InferenceError(
                .invalidRequest, "The model's chat template refuses these messages: \(reason).", parameter: "messages")
        } catch .fault(let reason) {
            throw InferenceError(.internal, "The conversation could not be rendered: \(reason).")
        }
    }
}
