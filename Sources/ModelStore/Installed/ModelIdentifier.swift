/// The names that a model may have: `[a-z0-9][a-z0-9._-]{0,63}`. Such a name is also a safe name for a folder.
struct ModelIdentifier: Sendable, Hashable {
    let name: String

    /// - Throws: ``InstallError/invalidIdentifier(_:)`` unless the name, in lower case, is of that shape.
    init(_ name: String) throws(InstallError) {
        let bytes = Array(name.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 })
        func isAlphanumeric(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
        guard let first = bytes.first, isAlphanumeric(first), bytes.count <= 64,
            bytes.allSatisfy({ isAlphanumeric($0) || ".-_".utf8.contains($0) })
        else { throw .invalidIdentifier(name) }
        self.name = String(decoding: bytes, as: UTF8.self)
    }
}
