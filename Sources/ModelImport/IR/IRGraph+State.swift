/// What a graph remembers from one inference to the next.
struct IRVariable {
    let identifier: String
    let type: IRElementType
    let shape: [Int?]
}

extension IRGraph {
    /// What the variable was last given, or `initial` after a reset.
    mutating func read(_ variable: IRVariable, initial: IROutput) -> IROutput {
        let shape = variable.shape.map { $0.map(String.init) ?? "?" }.joined(separator: ",")
        return add(
            "ReadValue", version: "opset6",
            attributes: [
                "variable_id": .text(variable.identifier), "variable_type": .text(variable.type.rawValue),
                "variable_shape": .text(shape),
            ],
            inputs: [initial], result: IRPort(variable.type, variable.shape), name: variable.identifier + "/read")
    }

    /// Gives the variable a value for the next inference.
    mutating func assign(_ value: IROutput, to variable: IRVariable) {
        add(
            "Assign", version: "opset6", attributes: ["variable_id": .text(variable.identifier)], inputs: [value],
            results: [IRPort(value.type, value.shape)], name: variable.identifier + "/assign")
    }
}
