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

    /// A name of that shape for what is at a path: its last part, without endings that say only what kind of file it is.
    static func suggestion(_ path: String) -> String {
        var name = path.lastPathComponent.lowercased()
        if name.hasPrefix("ggml-"), name.hasSuffix(".bin") { name = "whisper-" + name.dropFirst("ggml-".count) }
        for ending in [".gguf", ".bin", ".onnx", ".param", "-gguf", "_gguf"] where name.hasSuffix(ending) {
            name.removeLast(ending.count)
        }
        let bytes = name.utf8.map { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || ".-_".utf8.contains(byte)
                ? byte : UInt8(ascii: "-")
        }
        let kept = bytes.drop { ".-_".utf8.contains($0) }.prefix(64)
        return kept.isEmpty ? "model" : String(decoding: kept, as: UTF8.self)
    }
}
