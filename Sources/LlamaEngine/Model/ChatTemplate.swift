import CLlama
import CLlamaShim
import Foundation
import Inference
import Synchronization

/// The model's own way of writing a conversation down as one prompt: its Jinja template, run by llama.cpp's `common`.
///
/// A model without a template gets ChatML. A template that knows no system role gets the system's text in front of
/// the first user message; `developer` is `system` for templates that know no such role.
package final class ChatTemplate: Sendable {
    package struct Prompt: Decodable, Sendable {
        /// What the model is to continue.
        package var prompt: String
        /// Texts that end an answer in this model's format, beside its end tokens.
        package var stops: [String]
    }

    // One rendering at a time: the interpreter's values are shared by reference count.
    private let template: Mutex<Handle>

    private struct Handle: ~Copyable {
        let pointer: OpaquePointer
        deinit { dpais_chat_template_free(pointer) }
    }

    init(_ model: LlamaModel) throws {
        var reason: UnsafeMutablePointer<CChar>?
        let template = dpais_chat_template_create(model.pointer, &reason)
        self.template = Mutex(try Self.handle(template, reason))
    }

    /// A template given as text.
    package init(source: String, beginOfSequence: String, endOfSequence: String) throws {
        var reason: UnsafeMutablePointer<CChar>?
        let template = dpais_chat_template_create_from_source(source, beginOfSequence, endOfSequence, &reason)
        self.template = Mutex(try Self.handle(template, reason))
    }

    private static func handle(_ pointer: OpaquePointer?, _ reason: UnsafeMutablePointer<CChar>?) throws -> Handle {
        guard let pointer else {
            throw InferenceError(.unavailable, "The model's chat template cannot be read: \(take(reason)).")
        }
        return Handle(pointer: pointer)
    }

    /// The prompt of a conversation, ready for the answer.
    ///
    /// - Throws: ``InferenceError`` of kind `invalidRequest` where the template refuses the conversation, as some do
    ///   when user and assistant do not take turns.
    package func render(_ messages: [ChatMessage]) throws -> Prompt {
        let request = try String(decoding: JSONEncoder().encode(Request(messages)), as: UTF8.self)
        let reply = try template.withLock { template in
            var reason: UnsafeMutablePointer<CChar>?
            guard let reply = dpais_chat_template_render(template.pointer, request, &reason) else {
                throw InferenceError(
                    .invalidRequest, "The model's chat template refuses these messages: \(Self.take(reason)).",
                    parameter: "messages")
            }
            defer { dpais_string_free(reply) }
            return Data(bytes: reply, count: strlen(reply))
        }
        return try JSONDecoder().decode(Prompt.self, from: reply)
    }

    private static func take(_ reason: UnsafeMutablePointer<CChar>?) -> String {
        guard let reason else { return "no reason given" }
        defer { dpais_string_free(reason) }
        // The interpreter says where in the template it stood, then what went wrong; a template's own words come last.
        let text = String(cString: reason)
        let markers = ["Jinja Exception: ", "\nError: "]
        let marker = markers.lazy.compactMap { text.ranges(of: $0).last }.first
        let said = text[(marker?.upperBound ?? text.startIndex)...]
        return said.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
    }

    private struct Request: Encodable {
        struct Message: Encodable {
            var role: String
            var content: String
        }

        var messages: [Message]

        init(_ messages: [ChatMessage]) {
            self.messages = messages.map { Message(role: $0.role.rawValue, content: $0.content) }
        }
    }
}
