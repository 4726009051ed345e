/// Settings that cannot be used: all their faults at once.
public struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A sentence for each fault, with the key and the source of the value.
    public let faults: [String]

    public var description: String { faults.joined(separator: "\n") }
}
