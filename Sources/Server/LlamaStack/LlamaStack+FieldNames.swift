import HTTPTypes
import Inference

extension LlamaStack {
    /// The rooms below name fields as chat completions have them; callers here know them by other names.
    enum FieldNames {
        /// Whole paths, or their beginnings.
        private static let names = [
            ("model", "model_id"),
            ("response_format.json_schema.schema", "response_format.json_schema"),
            ("grammar", "response_format.bnf"),
            ("response_format.grammar", "response_format.bnf"),
            ("max_completion_tokens", "sampling_params.max_tokens"),
            ("max_tokens", "sampling_params.max_tokens"),
            ("temperature", "sampling_params.temperature"),
            ("top_p", "sampling_params.top_p"),
            ("top_k", "sampling_params.top_k"),
            ("repeat_penalty", "sampling_params.repetition_penalty"),
            ("top_logprobs", "logprobs.top_k"),
        ]

        /// What follows an element of `messages`, of its `tool_calls`, or of `tools`; longer ones first.
        private static let namesInElements = [
            (".function.parameters.properties", ".parameters"),
            (".function.name", ".tool_name"),
            (".function", ""),
            (".tool_call_id", ".call_id"),
            (".id", ".call_id"),
            (".name", ".tool_name"),
        ]

        /// The path of a chat completion's field, as the caller wrote it here.
        static func path(ofChatField path: String) -> String {
            guard path.hasPrefix("messages[") || path.hasPrefix("tools["), let element = path.element else {
                return renamed(path[...], by: names)
            }
            let rest = path[element.endIndex...]
            guard rest.hasPrefix(".tool_calls["), let call = rest.element else {
                return element + renamed(rest, by: namesInElements)
            }
            return element + call + renamed(rest[call.endIndex...], by: namesInElements)
        }

        private static func renamed(_ path: Substring, by names: [(old: String, new: String)]) -> String {
            for name in names where path.hasPrefix(name.old) {
                let rest = path.dropFirst(name.old.count)
                if rest.isEmpty || rest.first == "." || rest.first == "[" { return name.new + rest }
            }
            return String(path)
        }
    }
}

extension LlamaStack {
    /// An endpoint whose errors name the fields as its callers know them.
    static func post(_ path: String, _ handler: @escaping Endpoint.Handler) -> Endpoint {
        Endpoint(.post, path) { request, context in
            do {
                return try await handler(request, context)
            } catch let error as InferenceError {
                throw error.inLlamaStackNames
            }
        }
    }
}

extension StringProtocol {
    /// Up to its first index in brackets.
    fileprivate var element: SubSequence? {
        firstIndex(of: "]").map { self[...$0] }
    }
}

extension InferenceError {
    /// The error with its field named as the caller of the LlamaStack surface wrote it.
    fileprivate var inLlamaStackNames: InferenceError {
        var error = self
        error.parameter = parameter.map(LlamaStack.FieldNames.path(ofChatField:))
        return error
    }
}
