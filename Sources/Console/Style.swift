/// How words are set apart from others: by the terminal's own colours, or not at all.
public struct Style: Sendable, Equatable {
    /// Leaves every text as it is.
    public static let plain = Style(isOn: false)

    private let isOn: Bool

    public init(isOn: Bool) {
        self.isOn = isOn
    }

    public func heading(_ text: String) -> String { sequence("1", text) }
    public func faint(_ text: String) -> String { sequence("2", text) }
    public func good(_ text: String) -> String { sequence("32", text) }
    public func warning(_ text: String) -> String { sequence("33", text) }
    public func bad(_ text: String) -> String { sequence("31", text) }

    /// ECMA-48's "select graphic rendition" around the text.
    private func sequence(_ code: String, _ text: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
