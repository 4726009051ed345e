#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files by which a system tells of its hardware, below a root that a test can lay elsewhere.
package struct SystemFiles: Sendable {
    let root: String

    /// - Parameter root: `/` of the system, with no slash at the end.
    package init(root: String = "") {
        self.root = root
    }

    /// The whole text; `nil` where there is none. Such files tell no size, so they are read until their end.
    func text(_ path: String) -> String? {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += buffer[..<count]
        }
    }

    /// The text without the white space around it; `nil` where there is none or it is empty.
    func value(_ path: String) -> String? {
        guard let text = text(path)?.trimmed, !text.isEmpty else { return nil }
        return text
    }

    func number(_ path: String) -> Int? { value(path).flatMap { Int($0) } }

    /// The lines such as `VmRSS:  12 kB`, in bytes; others are passed over.
    package func table(_ path: String) -> [String: Int] {
        var table: [String: Int] = [:]
        for line in (text(path) ?? "").split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count == 3, words[2] == "kB", words[0].last == ":", let count = Int(words[1]) else { continue }
            table[String(words[0].dropLast())] = count << 10
        }
        return table
    }

    /// Names in a folder, in their order; none where there is no folder.
    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []).sorted {
            ($0.count, $0) < ($1.count, $1)
        }
    }

    /// The target of a link, as it is written; `nil` where there is no link.
    func link(_ path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: root + path)
    }

    func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }

    /// Whether this user may use a device.
    func isUsable(_ path: String) -> Bool { access(root + path, R_OK | W_OK) == 0 }
}

extension StringProtocol {
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// `name: value` taken apart.
    var field: (name: String, value: String)? {
        guard let colon = firstIndex(of: ":") else { return nil }
        return (self[..<colon].trimmed, self[index(after: colon)...].trimmed)
    }
}
