/// How long a model stays loaded after its last answer.
public enum KeepAlive: Sendable, Hashable {
    /// Until it is unloaded, or the server stops.
    case forever
    /// Never negative; zero is until the answer ends.
    case time(Duration)

    /// What is taken where nobody says otherwise.
    public static let standard = KeepAlive.time(.seconds(300))

    /// Characters of a text.
    private static let longestText = 32
    /// Times beyond this one are as good as forever: a hundred years.
    private static let longest = 3_155_760_000.0

    /// - Parameter seconds: any negative number is forever.
    /// - Returns: `nil` where it is no number at all.
    public init?(seconds: Double) {
        guard !seconds.isNaN else { return nil }
        if seconds < 0 || seconds > Self.longest {
            self = .forever
        } else {
            self = .time(.milliseconds(Int((seconds * 1_000).rounded())))
        }
    }

    /// Reads `5m`, `1h30m`, `90s`, `1.5h`, `500ms`, a plain number of seconds, and anything negative as forever.
    ///
    /// - Returns: `nil` where the text is nothing of the kind.
    public init?(_ text: some StringProtocol) {
        guard text.unicodeScalars.count <= Self.longestText else { return nil }
        var rest = Substring(text).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard var seconds = Self.number(&rest) else { return nil }
        if !rest.isEmpty {
            guard let scale = Self.unit(&rest) else { return nil }
            seconds *= scale
        }
        while !rest.isEmpty {
            guard let number = Self.number(&rest), let scale = Self.unit(&rest) else { return nil }
            seconds += number * scale
        }
        self.init(seconds: isNegative ? -1 : seconds)
    }

    /// The decimal number that the text begins with: digits, and a fraction perhaps.
    private static func number(_ rest: inout Substring.UTF8View) -> Double? {
        let digits = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        guard digits.contains(where: { $0 != UInt8(ascii: ".") }) else { return nil }
        rest = rest[digits.endIndex...]
        let text = String(decoding: digits, as: UTF8.self)
        return Double(text.hasPrefix(".") ? "0" + text : text.hasSuffix(".") ? text + "0" : text)
    }

    /// The seconds of the unit that the text begins with.
    private static func unit(_ rest: inout Substring.UTF8View) -> Double? {
        let letters = rest.prefix { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ".") }
        rest = rest[letters.endIndex...]
        return switch String(decoding: letters, as: UTF8.self) {
        case "h": 3_600
        case "m": 60
        case "s": 1
        case "ms": 1e-3
        case "us", "µs", "μs": 1e-6
        case "ns": 1e-9
        default: nil
        }
    }
}

extension KeepAlive: CustomStringConvertible {
    /// As a person would write it, and as it is read: `5m`, `1h30m`, `0.5s`, `-1`.
    public var description: String {
        guard case .time(let duration) = self else { return "-1" }
        let (seconds, attoseconds) = duration.components
        guard seconds > 0 || attoseconds > 0 else { return "0" }
        var text = ""
        if seconds >= 3_600 { text += "\(seconds / 3_600)h" }
        if seconds % 3_600 >= 60 { text += "\(seconds % 3_600 / 60)m" }
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if milliseconds > 0 {
            text += "\(Double(seconds % 60) + Double(milliseconds) / 1_000)s"
        } else if seconds % 60 > 0 {
            text += "\(seconds % 60)s"
        }
        return text
    }
}

extension KeepAlive: Codable {
    /// A number of seconds, or a text as ``init(_:)`` reads it.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let read: KeepAlive?
        if let text = try? value.decode(String.self) {
            read = KeepAlive(text)
        } else {
            read = KeepAlive(seconds: try value.decode(Double.self))
        }
        guard let read else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "expected \(Self.expected)")
        }
        self = read
    }

    /// The text that ``description`` gives.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(description)
    }

    /// What a value has to be, for messages.
    public static let expected = "seconds as a number, or a time such as \"5m\" or \"1h30m\"; -1 keeps the model"
}
