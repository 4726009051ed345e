/// A field that a form may have.
struct FormField: Sendable, Equatable {
    let name: String
    /// Bytes of the largest value.
    let limit: Int
    /// Whether the value is a file, which is told apart from a text by nothing but this.
    let isFile: Bool

    /// A short text.
    static func text(_ name: String, limit: Int = 4_096) -> FormField {
        FormField(name: name, limit: limit, isFile: false)
    }

    static func file(_ name: String, limit: Int) -> FormField {
        FormField(name: name, limit: limit, isFile: true)
    }
}
