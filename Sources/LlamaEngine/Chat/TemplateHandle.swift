import CLlamaShim
import Foundation
import Inference

/// A template in llama.cpp's interpreter.
struct TemplateHandle: ~Copyable {
    /// What the interpreter made of a conversation.
    struct Rendering: Decodable {
        struct Trigger: Decodable {
            var kind: String
            var text: String
        }

        var prompt: String
        var stops: [String]
        var grammar: String
        var lazy: Bool
        var triggers: [Trigger]
        var preserved: [String]
        var generationPrompt: String
        var parser: String
        var format: Int32
        var thinks: Bool
        var thinkingStart: String
        var thinkingEnds: [String]
    }

    let pointer: OpaquePointer

    init(_ create: (_ reason: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> OpaquePointer?) throws {
        var reason: UnsafeMutablePointer<CChar>?
        guard let pointer = create(&reason) else {
            throw InferenceError(.unavailable, "The model's chat template cannot be read: \(Self.lastWords(reason)).")
        }
        self.pointer = pointer
    }

    deinit { dpais_chat_template_free(pointer) }

    func capabilities() throws -> TemplateCapabilities {
        var reason: UnsafeMutablePointer<CChar>?
        guard let reply = dpais_chat_template_capabilities(pointer, &reason) else {
            throw InferenceError(.unavailable, "The model's chat template cannot be read: \(Self.lastWords(reason)).")
        }
        return try Self.decode(TemplateCapabilities.self, reply)
    }

    /// - Throws: ``Failure``.
    func render(_ request: JSONObject) throws(Failure) -> Rendering {
        var reason: UnsafeMutablePointer<CChar>?
        var isRefused = false
        guard let reply = dpais_chat_template_render(pointer, JSONValue.object(request).text, &isRefused, &reason)
        else {
            let words = Self.lastWords(reason)
            throw isRefused ? .refused(words) : .fault(words)
        }
        do {
            return try Self.decode(Rendering.self, reply)
        } catch {
            throw .fault("\(error)")
        }
    }

    /// Why a conversation could not be rendered.
    enum Failure: Error {
        /// The template refuses it, for this reason.
        case refused(String)
        /// Something else failed: a fault of this software.
        case fault(String)
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, _ reply: UnsafeMutablePointer<CChar>
    ) throws -> Value {
        defer { dpais_string_free(reply) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes: reply, count: strlen(reply)))
    }

    /// The interpreter says where in the template it stood, then what went wrong; a template's own words come last.
    private static func lastWords(_ reason: UnsafeMutablePointer<CChar>?) -> String {
        let reason = text(taking: reason)
        let markers = ["Jinja Exception: ", "\nError: "]
        let marker = markers.lazy.compactMap { reason.ranges(of: $0).last }.first
        let said = reason[(marker?.upperBound ?? reason.startIndex)...]
        return said.split(whereSeparator: \.isNewline).first.map(String.init) ?? reason
    }
}

/// What a template can do, as llama.cpp found out by trying it.
struct TemplateCapabilities: Decodable, Sendable {
    var supportsTools: Bool
    var supportsToolCalls: Bool
    var supportsSystemRole: Bool
    var supportsParallelToolCalls: Bool
    var supportsReasoningEffort: Bool?
}
