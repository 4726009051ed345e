/// A command and all below it, as swift-argument-parser describes them (its serialization version 0).
public struct CommandDescription: Decodable, Sendable {
    public var commandName: String
    public var abstract: String?
    public var discussion: String?
    public var aliases: [String]?
    public var shouldDisplay: Bool?
    public var superCommands: [String]?
    public var subcommands: [CommandDescription]?
    public var arguments: [Argument]?

    public struct Argument: Decodable, Sendable {
        public enum Kind: String, Decodable, Sendable {
            case positional, option, flag
        }

        public struct Name: Decodable, Sendable {
            public enum Kind: String, Decodable, Sendable {
                case long, short, longWithSingleDash
            }

            public var kind: Kind
            public var name: String

            var text: String { (kind == .long ? "--" : "-") + name }
        }

        public var kind: Kind
        public var shouldDisplay: Bool?
        public var isOptional: Bool?
        public var isRepeating: Bool?
        public var names: [Name]?
        public var valueName: String?
        public var defaultValue: String?
        public var abstract: String?
    }

    /// The whole of what the parser wrote.
    public struct Tool: Decodable, Sendable {
        public var command: CommandDescription
    }

    /// Its name with those that it is below: `dpais model list`.
    public var fullName: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// Commands for people, without those that are hidden and the parser's own help.
    var shown: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// This command and all below it.
    public var all: [CommandDescription] { [self] + shown.flatMap(\.all) }
}
