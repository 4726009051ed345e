import Inference

/// The fields of a chat request that say what the model may call, in their current and their deprecated form. Read from
/// the decoder of the body itself.
struct ToolSelection: Decodable, Sendable {
    /// Those that the model may call; never more than the request has.
    let tools: [Tool]
    let choice: ToolChoice
    let allowsParallelCalls: Bool
    /// Whether the request speaks of `functions`: then the answer has `function_call`, and one call at most.
    let isDeprecatedForm: Bool
    /// Where each of `tools` stands in the request, which may have more.
    private let positions: [Int]

    static let maximumCount = 128

    private enum CodingKeys: String, CodingKey {
        case tools, functions
        case toolChoice = "tool_choice"
        case functionCall = "function_call"
        case parallelToolCalls = "parallel_tool_calls"
    }

    private typealias Fields = FieldReader<CodingKeys>

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        let faultsBefore = decoder.faults.count
        let tools = fields.array(.tools, of: ChatCompletionTool.self, count: 0...Self.maximumCount)?.map(\.tool) ?? []
        let functions = fields.array(.functions, of: FunctionObject.self, count: 0...Self.maximumCount)?.map(\.tool)
        // Names can be compared, and indices told, only where every tool could be read.
        let areWhole = decoder.faults.count == faultsBefore
        let option = fields.object(.toolChoice, as: ChatCompletionToolChoice.self)?.option
        let call = fields.object(.functionCall, as: FunctionCallOption.self)
        let allowsParallelCalls = fields.flag(.parallelToolCalls) ?? true

        if let functions, !functions.isEmpty {
            if fields.isPresent(.tools) { fields.fault(.invalidValue, .functions, "is not allowed beside `tools`") }
            if fields.isPresent(.toolChoice) {
                fields.fault(.invalidValue, .toolChoice, "belongs to `tools`; beside `functions` use `function_call`")
            }
            if areWhole {
                decoder.faults.addRepeatedNames(of: functions) { index in
                    decoder.codingPath + [
                        CodingKeys.functions, AnyKey(intValue: index), FunctionObject.CodingKeys.name,
                    ]
                }
            }
            self.tools = functions
            choice = areWhole ? Self.choice(call, among: functions, fields) : .auto
            isDeprecatedForm = true
            self.allowsParallelCalls = false
            positions = Array(functions.indices)
        } else {
            if fields.isPresent(.functionCall) {
                fields.fault(.invalidValue, .functionCall, "is only allowed where there are `functions`")
            }
            if areWhole {
                decoder.faults.addRepeatedNames(of: tools) { index in
                    decoder.codingPath
                        + [
                            CodingKeys.tools, AnyKey(intValue: index), AnyKey(stringValue: "function"),
                            FunctionObject.CodingKeys.name,
                        ]
                }
            }
            let (allowed, choice) =
                areWhole
                ? option.resolved(among: tools) { fields.fault(.invalidValue, .toolChoice, $0) }
                : (Array(tools.indices), ToolChoice.auto)
            positions = allowed
            self.tools = allowed.map { tools[$0] }
            self.choice = choice
            isDeprecatedForm = false
            self.allowsParallelCalls = allowsParallelCalls
        }
    }

    /// Whether the engine's name of a field may not be the request's.
    var namesFieldsItself: Bool { isDeprecatedForm || positions != Array(positions.indices) }

    /// The request's name of a field that the engine names as if the tools were all of a request's.
    func field(_ field: String) -> String {
        switch field {
        case "tools" where isDeprecatedForm: return "functions"
        case "tool_choice" where isDeprecatedForm: return "function_call"
        default: break
        }
        let list = "tools["
        guard field.hasPrefix(list), let end = field.firstIndex(of: "]"),
            let index = Int(field.dropFirst(list.count).prefix(upTo: end)), positions.indices.contains(index)
        else { return field }
        let rest = field[end...]
        return isDeprecatedForm
            ? "functions[\(positions[index])" + rest.replacing("].function", with: "]", maxReplacements: 1)
            : list + String(positions[index]) + rest
    }

    private static func choice(_ call: FunctionCallOption?, among functions: [Tool], _ fields: Fields) -> ToolChoice {
        switch call {
        case nil, .auto: return .auto
        case .some(.none): return .none
        case .function(let name):
            if !functions.contains(where: { $0.name == name }) {
                fields.fault(.invalidValue, .functionCall, Self.unknownFunction)
            }
            return .function(name)
        }
    }

    static let unknownFunction = "names a function that is not among those of the request"
}

/// Which function is called, in the deprecated form: `none`, `auto` or a named one.
private enum FunctionCallOption: Decodable {
    case none
    case auto
    case function(String)

    private enum Word: String, CaseIterable {
        case none, auto
    }

    init(from decoder: any Decoder) throws {
        self =
            switch try decoder.wordOrObject(Word.self) {
            case .some(.none): .none
            case .auto: .auto
            case nil: .function(try FunctionName(from: decoder).name)
            }
    }
}
