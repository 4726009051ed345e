/// Two schemas that a value has to fit both, keyword by keyword.
enum SchemaMerging {
    /// What both say together; `nil` where one schema cannot say it.
    static func merge(
        _ keyword: String, _ left: JSONValue, _ right: JSONValue, _ translator: SchemaTranslator, _ path: String
    ) throws -> JSONValue? {
        switch keyword {
        case "type": return try types(left, right, translator, path)
        case "required": return union(left, right)
        case "properties": return properties(left, right)
        case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties":
            return larger(left, right)
        case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties":
            return larger(left, right).map { $0 == left ? right : left }
        case "items" where left.array == nil && right.array == nil:
            return .object(["allOf": .array([left, right])])
        case "enum":
            let both = (left.array ?? []).filter { (right.array ?? []).contains($0) }
            guard !both.isEmpty else { throw translator.misfit("no value is in both lists", path + ".enum") }
            return .array(both)
        case "const": throw translator.misfit("it has to be two constants at once", path + ".const")
        case "additionalProperties":
            if left == .bool(true) { return right }
            if right == .bool(true) { return left }
            if left == .bool(false) || right == .bool(false) { return .bool(false) }
            return .object(["allOf": .array([left, right])])
        case "uniqueItems": return .bool(true)
        default: return nil
        }
    }

    private static func larger(_ left: JSONValue, _ right: JSONValue) -> JSONValue? {
        guard let one = left.double, let other = right.double else { return nil }
        return one >= other ? left : right
    }

    private static func types(
        _ left: JSONValue, _ right: JSONValue, _ translator: SchemaTranslator, _ path: String
    ) throws -> JSONValue {
        let one = SchemaKeywords.types(of: JSONObject(["type": left])) ?? []
        let other = SchemaKeywords.types(of: JSONObject(["type": right])) ?? []
        var both = one.filter(other.contains)
        // Integers are numbers.
        if (one.contains("number") && other.contains("integer") || one.contains("integer") && other.contains("number")),
            !both.contains("integer"), !both.contains("number")
        {
            both.append("integer")
        }
        guard !both.isEmpty else { throw translator.misfit("it has to be of two types at once", path + ".type") }
        return both.count == 1 ? .string(both[0]) : .array(both.map { .string($0) })
    }

    private static func union(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
        let left = left.array ?? []
        return .array(left + (right.array ?? []).filter { !left.contains($0) })
    }

    private static func properties(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
        var merged = left.object ?? JSONObject()
        for member in right.object?.members ?? [] {
            if let existing = merged[member.name], existing != member.value {
                merged[member.name] = .object(["allOf": .array([existing, member.value])])
            } else {
                merged[member.name] = member.value
            }
        }
        return .object(merged)
    }

    /// What one schema says of properties that it does not name, said of those that only the other names.
    static func settleProperties(
        _ left: inout JSONObject, _ right: inout JSONObject, _ translator: SchemaTranslator, _ path: String
    ) throws {
        let (one, other) = (left, right)
        settle(&right, by: one)
        settle(&left, by: other)
    }

    private static func settle(_ schema: inout JSONObject, by other: JSONObject) {
        guard let additional = other["additionalProperties"], additional != .bool(true),
            var properties = schema["properties"]?.object
        else { return }
        for member in properties.members where other["properties"]?.object?[member.name] == nil {
            properties[member.name] =
                additional == .bool(false) ? .bool(false) : .object(["allOf": .array([member.value, additional])])
        }
        schema["properties"] = .object(properties)
    }
}
