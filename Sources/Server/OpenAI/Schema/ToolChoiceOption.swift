import Inference

/// Which tools the model may or has to call: `none`, `auto`, `required`, a named function, or some of the tools.
enum ToolChoiceOption: Sendable, Equatable {
    case none
    case auto
    case required
    case function(String)
    /// Only these, as freely as the mode says.
    case allowed([String], isRequired: Bool)

    /// The choices that are written as a word.
    enum Word: String, CaseIterable {
        case none, auto, required
    }

    init(_ word: Word) {
        switch word {
        case .none: self = .none
        case .auto: self = .auto
        case .required: self = .required
        }
    }

    init<Reference: ToolReference>(_ allowed: AllowedTools<Reference>) {
        self = .allowed(allowed.names, isRequired: allowed.isRequired)
    }
}

extension ToolChoiceOption? {
    /// What the choice comes to among a request's tools; without one, the model may call what there is.
    ///
    /// - Parameter fault: takes what is wrong with the choice.
    /// - Returns: where the tools stand that may be called, and how freely.
    func resolved(among tools: [Tool], fault: (String) -> Void) -> (allowed: [Int], choice: ToolChoice) {
        let all = Array(tools.indices)
        let names = Set(tools.map(\.name))
        switch self {
        case nil, .auto: return (all, tools.isEmpty ? .none : .auto)
        case .some(.none): return (all, .none)
        case .required:
            if tools.isEmpty { fault("asks for a call, but there are no `tools`") }
            return (all, .required)
        case .function(let name):
            if !names.contains(name) { fault(ToolSelection.unknownFunction) }
            return (all, .function(name))
        case .allowed(let allowed, let isRequired):
            if !names.isSuperset(of: allowed) { fault(ToolSelection.unknownFunction) }
            return (all.filter { allowed.contains(tools[$0].name) }, isRequired ? .required : .auto)
        }
    }
}
