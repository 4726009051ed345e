extension LlamaStack {
    /// Tools that a definition may name without saying more: what they take is known. Whoever sent the request runs
    /// them, as any other tool.
    enum BuiltinTool: String, CaseIterable, Sendable {
        case braveSearch = "brave_search"
        case wolframAlpha = "wolfram_alpha"
        case photogen
        case codeInterpreter = "code_interpreter"

        /// What the model is told, where the definition says nothing.
        var description: String {
            switch self {
            case .braveSearch: "Searches the web and gives the results as text."
            case .wolframAlpha: "Computes and looks up facts: mathematics, units, science, geography."
            case .photogen: "Makes a picture from a description."
            case .codeInterpreter: "Runs Python code and gives what it prints."
            }
        }

        /// The JSON Schema of the arguments, where the definition has none.
        var parameters: String {
            let name = self == .codeInterpreter ? "code" : "query"
            return #"{"type":"object","properties":{"\#(name)":{"type":"string"}},"required":["\#(name)"]}"#
        }
    }
}
