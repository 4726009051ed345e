/// The value of an operation's attribute.
package enum IRAttribute: Sendable {
    case text(String)
    case integer(Int)
    case integers([Int])
    case number(Float)
    case truth(Bool)

    /// As IR spells it.
    var text: String {
        switch self {
        case .text(let text): text
        case .integer(let value): String(value)
        case .integers(let values): values.map(String.init).joined(separator: ", ")
        case .number(let value): value.description
        case .truth(let value): value ? "true" : "false"
        }
    }
}
