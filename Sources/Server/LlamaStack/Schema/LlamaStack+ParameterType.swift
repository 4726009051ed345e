extension LlamaStack {
    /// The type of a tool's argument. The specification leaves it an open string: read are the names of JSON Schema and
    /// of Python, in any case, and Python's brackets, such as `list[str]` or `Dict[str, float]`.
    struct ParameterType: Sendable, Equatable {
        /// What a schema of this type says of it, as members of a JSON object.
        let members: [String]

        static let expected =
            "expected one of string, integer, number, boolean, array, object and null, or Python's name of one, such as "
            + "str, int, float, bool, list, dict, list[str]"

        /// More than anyone means; what is read recursively needs a bound.
        private static let maximumDepth = 8

        private enum Name: String {
            case string, integer, number, boolean, array, object, null

            init?(_ text: String) {
                switch text {
                case "str", "text": self = .string
                case "int", "long": self = .integer
                case "float", "double", "decimal": self = .number
                case "bool": self = .boolean
                case "list", "tuple", "set": self = .array
                case "dict", "map": self = .object
                case "none": self = .null
                default: self.init(rawValue: text)
                }
            }
        }

        init?(_ text: String) {
            guard let members = Self.members(text[...], depth: 0) else { return nil }
            self.members = members
        }

        private static func members(_ text: Substring, depth: Int) -> [String]? {
            guard depth < maximumDepth else { return nil }
            let text = text.trimmingSpaces()
            guard let open = text.firstIndex(of: "[") else {
                return Name(text.lowercased()).map { [type($0)] }
            }
            guard text.last == "]" else { return nil }
            let name = text[..<open].trimmingSpaces().lowercased()
            let inner = text[text.index(after: open)...].dropLast()
            if name == "optional" { return members(inner, depth: depth + 1) }
            switch Name(name) {
            case .array:
                return members(inner, depth: depth + 1).map { [type(.array), #""items":\#(object($0))"#] }
            case .object:
                let types = inner.split(separator: ",", maxSplits: 1)
                // The keys of a JSON object are strings.
                guard types.count == 2, Name(types[0].trimmingSpaces().lowercased()) == .string else { return nil }
                return members(types[1], depth: depth + 1).map {
                    [type(.object), #""additionalProperties":\#(object($0))"#]
                }
            default:
                return nil
            }
        }

        private static func type(_ name: Name) -> String { #""type":"\#(name.rawValue)""# }

        private static func object(_ members: [String]) -> String { "{\(members.joined(separator: ","))}" }
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
