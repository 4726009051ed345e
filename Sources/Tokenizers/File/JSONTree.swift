/// A JSON document as a tree.
///
/// Keys and strings keep their scalars as the file has them. Foundation's decoders gather objects into dictionaries of
/// `String`, which takes canonically equivalent keys for one; vocabularies hold such pairs as tokens of their own.
package enum JSONTree: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([Member])

    /// One key of an object and its value.
    package struct Member: Sendable {
        package var key: String
        package var value: JSONTree
    }
}
