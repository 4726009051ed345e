/// A function that a model may ask to be called.
public struct Tool: Codable, Sendable, Equatable {
    public var name: String
    public var description: String?
    /// The JSON Schema of the arguments, as a text of JSON; `nil` is a function without arguments.
    public var parameters: String?
    /// Whether the arguments have to fit `parameters` exactly, so that a schema that cannot be enforced is refused.
    public var isStrict: Bool

    public init(name: String, description: String? = nil, parameters: String? = nil, isStrict: Bool = false) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
    }
}

/// Which tools a model may, or has to, call.
public enum ToolChoice: Codable, Sendable, Equatable {
    case none
    case auto
    /// At least one.
    case required
    /// The one of this name.
    case function(String)
}

/// A call that a model asked for.
public struct ToolCall: Codable, Sendable, Equatable {
    public var id: String
    public var name: String
    /// JSON.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A piece of a call as it grows.
public struct ToolCallDelta: Codable, Sendable, Equatable {
    /// Which of the answer's calls, from 0.
    public var index: Int
    /// With the first piece only.
    public var id: String?
    /// With the first piece only.
    public var name: String?
    /// More of the arguments' JSON.
    public var arguments: String

    public init(index: Int, id: String? = nil, name: String? = nil, arguments: String = "") {
        self.index = index
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
