#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What a file has to be, told by its name, and checked by its first bytes before it becomes a part of a model.
public enum FileKind: Sendable, Equatable, CustomStringConvertible {
    case gguf
    /// A Whisper model in whisper.cpp's format.
    case ggml
    case json
    /// A format of the importers or engines, which check it themselves; what is surely something else is refused.
    case other

    init(_ name: String) {
        switch true {
        case name.hasSuffix(".gguf"): self = .gguf
        case name.hasPrefix("ggml-") && name.hasSuffix(".bin"): self = .ggml
        case name.hasSuffix(".json"): self = .json
        default: self = .other
        }
    }

    public var description: String {
        switch self {
        case .gguf: "a GGUF model"
        case .ggml: "a Whisper model in ggml's format"
        case .json: "a JSON file"
        case .other: "the file of a model"
        }
    }

    /// - Throws: ``InstallError/notAModel(file:expected:found:)`` unless the file begins as one of its kind.
    func check(_ path: String, name: String) throws(InstallError) {
        let start = FileKind.firstBytes(path)
        switch self {
        case .gguf where start.starts(with: "GGUF".utf8): return
        case .gguf where start.starts(with: "lmgg".utf8) || start.starts(with: "tjgg".utf8):
            throw .notAModel(file: name, expected: self, found: "it is in ggml's old format, from before GGUF")
        // The magic number 0x67676d6c, little-endian.
        case .ggml where start.starts(with: "lmgg".utf8): return
        case .json where start.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{"): return
        case .other where FileKind.mistake(start) == nil: return
        default: throw .notAModel(file: name, expected: self, found: FileKind.mistake(start) ?? doubt)
        }
    }

    private var doubt: String {
        self == .gguf ? "its first bytes are not 'GGUF'" : "it does not begin as one"
    }

    private static func firstBytes(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, 64))
        }
    }
}

extension FileKind {
    /// What people most often have in the place of a model's file; `nil` where it is none of these.
    private static func mistake(_ start: [UInt8]) -> String? {
        let text = String(decoding: start, as: UTF8.self).lowercased()
        return switch true {
        case start.isEmpty: "it is empty"
        case text.hasPrefix("<!doctype html") || text.hasPrefix("<html"): "it looks like a web page"
        case text.hasPrefix("version https://git-lfs"): "it is a Git LFS pointer, not the file that it points to"
        case text.hasPrefix("pk\u{3}\u{4}"): "it looks like a ZIP archive or a PyTorch checkpoint"
        default: nil
        }
    }
}
