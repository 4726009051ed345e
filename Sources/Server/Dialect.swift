/// Whose letter a reply follows: the few differences between the two bases live here, and nothing else asks which
/// base a request came by.
package enum Dialect: Sendable {
    /// The promised API: `/v1/openai/…`, `/v1/llamastack/…`, `/v1/performance`.
    case contract
    /// OpenAI's own API: `/v1/…`, for its clients unchanged.
    case openAI

    /// The dialect of a path, whether or not there is something at it.
    package init(path: String) {
        let segments = path.split(separator: "/", maxSplits: 2)
        let contract: Set<Substring> = ["openai", "llamastack", "performance"]
        self = segments.count > 1 && segments[0] == "v1" && contract.contains(segments[1]) ? .contract : .openAI
    }

    /// Whether a transcript that is asked for as `text` comes within JSON, the one form that the promised interface knows.
    var wrapsPlainText: Bool { self == .contract }

    /// The status of a reply about a model that is not installed.
    var unknownModelStatus: Int {
        switch self {
        case .contract: 400
        case .openAI: 404
        }
    }
}
