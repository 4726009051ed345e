/// A part of a tokenizer's file that knows its own place, so that errors can name it.
struct FileEntry {
    /// Such as `normalizer.normalizers[0]`; empty for the whole file.
    let path: String
    let value: JSONTree

    func malformed(_ expected: String) -> TokenizerFileError {
        .malformed("\(path.isEmpty ? "the file" : path) should be \(expected)")
    }

    func unsupported(_ what: String) -> TokenizerFileError {
        .unsupported("\(path.isEmpty ? "" : "\(path): ")\(what)")
    }

    private func path(to key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    // MARK: Members of an object

    func members() throws(TokenizerFileError) -> [JSONTree.Member] {
        guard case .object(let members) = value else { throw malformed("an object") }
        return members
    }

    /// A member, or `nil` where it is absent or null.
    func optional(_ key: String) throws(TokenizerFileError) -> FileEntry? {
        guard let member = try members().first(where: { $0.key == key }) else { return nil }
        if case .null = member.value { return nil }
        return FileEntry(path: path(to: key), value: member.value)
    }

    func member(_ key: String) throws(TokenizerFileError) -> FileEntry {
        guard let member = try optional(key) else { throw .malformed("\(path(to: key)) is missing") }
        return member
    }

    /// What kind of normalizer, model and so on this is.
    func type() throws(TokenizerFileError) -> String { try member("type").string() }

    /// Refuses members that nobody here knows: what they ask for must not be left out in silence.
    func allow(_ keys: String...) throws(TokenizerFileError) {
        for member in try members() where member.key != "type" && !keys.contains(member.key) {
            throw unsupported("the setting \"\(member.key)\"")
        }
    }

    func bool(_ key: String, default absent: Bool) throws(TokenizerFileError) -> Bool {
        try optional(key)?.bool() ?? absent
    }

    // MARK: Values

    func bool() throws(TokenizerFileError) -> Bool {
        guard case .bool(let bool) = value else { throw malformed("true or false") }
        return bool
    }

    func string() throws(TokenizerFileError) -> String {
        guard case .string(let string) = value else { throw malformed("a text") }
        return string
    }

    func number() throws(TokenizerFileError) -> Double {
        guard case .number(let number) = value else { throw malformed("a number") }
        return number
    }

    /// A token's id: whole, and not below 0.
    func id() throws(TokenizerFileError) -> Int32 {
        guard let id = Int32(exactly: try number()), id >= 0 else { throw malformed("a token's id") }
        return id
    }

    func elements() throws(TokenizerFileError) -> [FileEntry] {
        guard case .array(let elements) = value else { throw malformed("a list") }
        return elements.enumerated().map { FileEntry(path: "\(path)[\($0.offset)]", value: $0.element) }
    }

    /// A list of exactly two, such as a merge or a token with its id.
    func pair() throws(TokenizerFileError) -> (FileEntry, FileEntry) {
        let elements = try elements()
        guard elements.count == 2 else { throw malformed("a list of two") }
        return (elements[0], elements[1])
    }
}
