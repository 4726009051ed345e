/// A field that a form may have.
struct FormField: Sendable {
    enum Kind: Sendable {
        /// A short text.
        case text
        /// Texts, each in a part of its own.
        case texts(most: Int)
        /// A file that is held in memory.
        case file
        /// A file that goes to disk where it is large.
        case upload(UploadFolder)
        /// Something that this server has not, and why.
        case unsupported(String)
    }

    let name: String
    /// Bytes of the largest value.
    let limit: Int
    let kind: Kind
    /// Whether parts whose names go on in brackets are this field too: forms write `names[]` for the elements of a list,
    /// and `object[member]`.
    let takesBrackets: Bool

    private init(_ name: String, limit: Int, _ kind: Kind, takesBrackets: Bool = false) {
        self.name = name
        self.limit = limit
        self.kind = kind
        self.takesBrackets = takesBrackets
    }

    /// A short text.
    static func text(_ name: String, limit: Int = 4_096) -> FormField {
        FormField(name, limit: limit, .text)
    }

    /// A list of short texts, or a part of an object in each.
    static func texts(_ name: String, most: Int = 32, limit: Int = 4_096) -> FormField {
        FormField(name, limit: limit, .texts(most: most), takesBrackets: true)
    }

    /// A field of any form that is refused by its name.
    static func unsupported(
        _ name: String, _ reason: String = "this server does not support this field; leave it out"
    ) -> FormField {
        FormField(name, limit: 0, .unsupported(reason), takesBrackets: true)
    }

    /// A file of few bytes.
    static func file(_ name: String, limit: Int) -> FormField {
        FormField(name, limit: limit, .file)
    }

    /// A file of many bytes.
    static func upload(_ name: String, limit: Int, into folder: UploadFolder) -> FormField {
        FormField(name, limit: limit, .upload(folder))
    }
}
