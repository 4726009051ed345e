/// The manual page of one command, in the language of man(7).
public struct ManualPage: Sendable {
    private let command: CommandDescription
    private let version: String
    private let parts: [(heading: String, text: String)]

    /// - Parameter parts: further parts of the page of the command on top, such as its files.
    public init(_ command: CommandDescription, version: String, parts: [(heading: String, text: String)] = []) {
        self.command = command
        self.version = version
        self.parts = parts
    }

    /// Such as `dpais-model-list.1`.
    public var fileName: String { Self.pageName(command) + ".1" }

    public var text: String {
        var lines = [
            ".\\\" Made by `dpais manual` from the commands' own descriptions.",
            ".TH \"\(Self.pageName(command).uppercased())\" 1 \"\" \"\(Self.escaped(version))\" \"User commands\"",
            ".SH NAME",
            "\(Self.escaped(Self.pageName(command))) \\- \(Self.escaped(Self.withoutStop(command.abstract ?? "")))",
            ".SH SYNOPSIS", ".nh", synopsis, ".hy",
        ]
        if let aliases = command.aliases, !aliases.isEmpty {
            lines += [".PP", "Also: " + aliases.map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ")]
        }
        if let discussion = command.discussion, !discussion.isEmpty {
            lines += [".SH DESCRIPTION"] + Self.paragraphs(discussion)
        }
        if !command.shown.isEmpty {
            lines.append(".SH COMMANDS")
            for child in command.shown {
                lines += [".TP", "\\fB\(Self.escaped(child.commandName))\\fR", Self.line(child.abstract ?? "")]
            }
        }
        let arguments = (command.arguments ?? []).filter { $0.shouldDisplay != false }
        if !arguments.isEmpty {
            lines.append(".SH OPTIONS")
            for argument in arguments {
                lines += [".TP", Self.heading(argument), Self.line(Self.explanation(argument))]
            }
        }
        for part in parts {
            lines += [".SH \(part.heading.uppercased())"] + Self.paragraphs(part.text)
        }
        let related = relatedPages
        if !related.isEmpty {
            let names = related.map { "\\fB\(Self.escaped($0))\\fR(1)" }
            lines += [".SH SEE ALSO", names.joined(separator: ",\n")]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var relatedPages: [String] {
        let above = command.superCommands.map { [$0.joined(separator: "-")] } ?? []
        return above.filter { !$0.isEmpty } + command.shown.map(Self.pageName)
    }

    private static func pageName(_ command: CommandDescription) -> String {
        command.fullName.split(separator: " ").joined(separator: "-")
    }

    private var synopsis: String {
        var words = ["\\fB\(Self.escaped(command.fullName))\\fR"]
        for argument in command.arguments ?? [] where argument.shouldDisplay != false {
            let word: String
            switch argument.kind {
            case .positional: word = Self.value(argument)
            case .flag: word = Self.name(argument)
            case .option: word = "\(Self.name(argument)) \(Self.value(argument))"
            }
            let repeated = argument.isRepeating == true ? word + " ..." : word
            words.append(argument.isOptional == false && argument.kind != .flag ? repeated : "[\(repeated)]")
        }
        if !command.shown.isEmpty { words.append("\\fICOMMAND\\fR") }
        return words.joined(separator: " ")
    }

    private static func name(_ argument: CommandDescription.Argument) -> String {
        let long = argument.names?.first { $0.kind == .long } ?? argument.names?.first
        return "\\fB\(escaped(long?.text ?? ""))\\fR"
    }

    private static func value(_ argument: CommandDescription.Argument) -> String {
        "\\fI\(escaped((argument.valueName ?? "value").uppercased()))\\fR"
    }

    private static func heading(_ argument: CommandDescription.Argument) -> String {
        guard argument.kind != .positional else { return value(argument) }
        let names = (argument.names ?? []).map { "\\fB\(escaped($0.text))\\fR" }.joined(separator: ", ")
        return argument.kind == .option ? "\(names) \(value(argument))" : names
    }

    private static func explanation(_ argument: CommandDescription.Argument) -> String {
        let standard = argument.defaultValue.map { " Default: \($0)." } ?? ""
        return (argument.abstract ?? "") + standard
    }

    private static func withoutStop(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

    /// A paragraph a block of lines; what is indented stands as it is written.
    private static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        var isExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indented = line.hasPrefix("  ")
            if indented != isExample {
                lines.append(indented ? ".PP\n.RS 4\n.nf" : ".fi\n.RE\n.PP")
                isExample = indented
            }
            if line.allSatisfy({ $0 == " " }) {
                if !isExample { lines.append(".PP") }
            } else {
                lines.append(Self.line(indented ? String(line.dropFirst(2)) : String(line)))
            }
        }
        if isExample { lines.append(".fi\n.RE") }
        return lines
    }

    private static func line(_ text: String) -> String {
        let text = escaped(text)
        // A dot or an apostrophe at a line's start would be a request.
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }

    /// Backslashes, and hyphens that are to be typed as they stand.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "\n": escaped += " "
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
