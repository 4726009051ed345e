/// Whose format tools are shown and called in.
enum ToolStyle {
    /// The template shows them and knows how they are called.
    case native
    /// The template knows how they are called, but shows none: they are described in words.
    case described
    /// The template knows nothing of tools: they are described in words, and so is how they are called.
    case instructed

    init(_ capabilities: TemplateCapabilities, of template: borrowing TemplateHandle) {
        self =
            switch (capabilities.supportsTools, capabilities.supportsToolCalls) {
            case (true, true): .native
            case (false, true): .described
            case (true, false): Self.canEnforceCalls(template) ? .native : .instructed
            case (false, false): .instructed
            }
    }

    /// Some templates show tools and take no calls back in; for a few of them the library has a format all the same.
    private static func canEnforceCalls(_ template: borrowing TemplateHandle) -> Bool {
        let parameters = JSONValue.object(["type": .string("object"), "properties": .object([:])])
        let function = JSONValue.object(["name": .string("probe"), "parameters": parameters])
        let request = JSONObject([
            "messages": .array([.object(["role": .string("user"), "content": .string("Probe")])]),
            "tools": .array([.object(["type": .string("function"), "function": function])]),
            "tool_choice": .string("required"),
        ])
        return (try? template.render(request))?.grammar.isEmpty == false
    }
}
