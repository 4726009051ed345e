/// Checks of a value that stands in a schema against what stands beside it.
enum SchemaValue {
    /// The keywords that are looked at.
    static let checked = SchemaKeywords.ofNumbers.subtracting(["multipleOf"]).union(["type", "minLength", "maxLength"])

    static func fits(_ value: JSONValue, _ schema: JSONObject) -> Bool {
        if let types = SchemaKeywords.types(of: schema), !types.contains(where: { has(value, type: $0) }) {
            return false
        }
        if let number = value.double { return fits(number, schema) }
        if let length = value.string?.unicodeScalars.count {
            if let least = schema["minLength"]?.double, Double(length) < least { return false }
            if let most = schema["maxLength"]?.double, Double(length) > most { return false }
        }
        return true
    }

    private static func fits(_ number: Double, _ schema: JSONObject) -> Bool {
        if let bound = schema["minimum"]?.double, number < bound { return false }
        if let bound = schema["maximum"]?.double, number > bound { return false }
        if let bound = schema["exclusiveMinimum"]?.double, number <= bound { return false }
        if let bound = schema["exclusiveMaximum"]?.double, number >= bound { return false }
        return true
    }

    static func has(_ value: JSONValue, type: String) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number: type == "number" || type == "integer" && value.double.map { $0.rounded() == $0 } ?? false
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }
}
