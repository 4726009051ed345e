import CLlamaShim
import Inference

/// llama.cpp's automaton of a grammar, at one place of a text.
final class GrammarRun {
    private let pointer: OpaquePointer
    /// Its vocabulary is the model's.
    private let model: LlamaModel

    /// - Parameter offset: how many bytes of the first token come before the grammar.
    init(_ gbnf: String, offset: Int = 0, model: LlamaModel) throws {
        var reason: UnsafeMutablePointer<CChar>?
        guard let pointer = dpais_grammar_create(model.vocabulary, gbnf, offset, &reason) else {
            throw InferenceError(
                .invalidRequest, "The grammar cannot be run: \(text(taking: reason)).", parameter: "grammar")
        }
        self.pointer = pointer
        self.model = model
    }

    private init(pointer: OpaquePointer, model: LlamaModel) {
        self.pointer = pointer
        self.model = model
    }

    deinit { dpais_grammar_free(pointer) }

    func copy() throws -> GrammarRun {
        var reason: UnsafeMutablePointer<CChar>?
        guard let copy = dpais_grammar_clone(pointer, &reason) else {
            throw InferenceError(.internal, "A grammar could not be copied: \(text(taking: reason)).")
        }
        return GrammarRun(pointer: copy, model: model)
    }

    func allows(_ token: Int32) -> Bool { dpais_grammar_allows(pointer, token) }

    func accept(_ token: Int32) throws {
        var reason: UnsafeMutablePointer<CChar>?
        guard dpais_grammar_accept(pointer, token, &reason) else {
            let reason = reason.map { text(taking: $0) } ?? "it does not allow token \(token)"
            throw InferenceError(.internal, "The grammar could not go on: \(reason).")
        }
    }

    /// Goes over the end of a prompt, which the grammar covers.
    func take(_ prompt: [Int32]) throws {
        for (index, token) in prompt.enumerated() {
            // Some tokenizers put a space before the first token that is not in the prompt.
            if index == 0, !allows(token) { continue }
            try accept(token)
        }
    }
}

/// A string of the shim's, which is freed.
func text(taking string: UnsafeMutablePointer<CChar>?) -> String {
    guard let string else { return "no reason given" }
    defer { dpais_string_free(string) }
    return String(cString: string)
}
