import Inference

/// How long a model should think, in the API's words. The API has one more than the domain.
enum ReasoningEffortField: String, CaseIterable {
    case none, minimal, low, medium, high, xhigh, max

    var effort: ReasoningEffort {
        switch self {
        case .none: .none
        case .minimal: .minimal
        case .low: .low
        case .medium: .medium
        case .high: .high
        case .xhigh, .max: .xhigh
        }
    }
}
