#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The file format of llama.cpp's models, as far as telling it from others.
enum GGUF {
    /// - Throws: ``InstallError/notAModel(file:found:)`` unless the file begins as a GGUF file does.
    static func check(_ path: String, name: String) throws(InstallError) {
        let start = firstBytes(path)
        guard !start.starts(with: "GGUF".utf8) else { return }
        throw .notAModel(file: name, found: kind(of: start))
    }

    private static func firstBytes(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, 64))
        }
    }

    /// What people most often have in its place.
    private static func kind(of start: [UInt8]) -> String {
        let text = String(decoding: start, as: UTF8.self).lowercased()
        return switch true {
        case start.isEmpty: "it is empty"
        case text.hasPrefix("<"): "it looks like a web page"
        case text.hasPrefix("version https://git-lfs"): "it is a Git LFS pointer, not the file that it points to"
        case text.hasPrefix("pk\u{3}\u{4}"): "it looks like a ZIP archive or a PyTorch checkpoint"
        case start.count > 8 && start[8] == UInt8(ascii: "{"): "it looks like a safetensors file"
        case text.hasPrefix("lmgg") || text.hasPrefix("tjgg"): "it is in ggml's old format, from before GGUF"
        default: "its first bytes are not 'GGUF'"
        }
    }
}
