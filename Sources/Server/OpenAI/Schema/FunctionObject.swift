import Inference

/// A function that the model may ask to be called: `name`, `description`, `parameters`, `strict`.
///
/// Chat completions have it inside of a tool, or alone in the deprecated `functions`; responses have it flat beside the
/// tool's `type`.
struct FunctionObject: Decodable, Sendable {
    let tool: Tool

    enum CodingKeys: String, CodingKey {
        case name, description, parameters, strict
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        let name = fields.requiredName(.name)
        let description = fields.text(.description)
        let parameters = fields.jsonObject(.parameters)
        let isStrict = fields.flag(.strict)
        guard let name else { throw FaultGathered() }
        tool = Tool(name: name, description: description, parameters: parameters, isStrict: isStrict ?? false)
    }
}

extension FaultCollector {
    /// Gathers a fault for each tool whose name another one before it has.
    ///
    /// - Parameter path: where the name of the tool at an index stands.
    func addRepeatedNames(of tools: [Tool], at path: (_ index: Int) -> [any CodingKey]) {
        var seen: Set<String> = []
        for (index, tool) in tools.enumerated() where !seen.insert(tool.name).inserted {
            add(.invalidValue, at: path(index), "expected names that differ; another function before has this one")
        }
    }
}
