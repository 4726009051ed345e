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

/// A standard stream, and whether a person looks at it.
public struct Terminal: Sendable {
    public static let output = Terminal(descriptor: 1)
    public static let error = Terminal(descriptor: 2)
    public static let input = Terminal(descriptor: 0)

    private let descriptor: Int32
    /// Whether it is a terminal.
    public let isInteractive: Bool
    /// Whether lines may be drawn over: it is a terminal, and one that knows how.
    public let movesCursor: Bool
    /// How words are set apart here; see https://no-color.org.
    public let style: Style
    /// Whether blocks and dashes are drawn, or their stand-ins from ASCII.
    public let isUnicode: Bool

    private init(descriptor: Int32) {
        let environment = ProcessInfo.processInfo.environment
        self.descriptor = descriptor
        isInteractive = isatty(descriptor) == 1
        movesCursor = isInteractive && environment["TERM"] != "dumb"
        style = Style(isOn: movesCursor && (environment["NO_COLOR"] ?? "").isEmpty)
        isUnicode = Self.isUnicode(environment)
    }

    /// The first of these variables that is set decides, as POSIX has it.
    package static func isUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        guard let locale = locale?.lowercased() else { return false }
        return locale.contains("utf-8") || locale.contains("utf8")
    }

    /// Columns of the terminal; 80 where there is none.
    public var width: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes at once, unbuffered.
    public func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Writes bytes as they are, at once.
    public func write(_ bytes: [UInt8]) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return }
            bytes.removeFirst(written)
        }
    }

    /// Writes a line of a paragraph's text, broken between words where the terminal ends.
    ///
    /// - Parameter indent: columns before every line but the first.
    public func writeWrapped(_ text: String, indent: Int = 0) {
        guard isInteractive else { return write(text + "\n") }
        let lines = text.wrapped(to: max(20, width - 1 - indent))
        write(lines.joined(separator: "\n" + String(repeating: " ", count: indent)) + "\n")
    }

    public func writeJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
