import Inference

extension SchemaTranslator {
    private static let maximumOptionalProperties = 200

    /// Objects are generated with the properties that the schema names; with others only where it names none.
    mutating func object(_ object: JSONObject, _ path: String) throws -> JSONValue {
        for keyword in [
            "patternProperties", "propertyNames", "dependentRequired", "dependentSchemas", "dependencies",
        ] {
            if let value = object[keyword], value.object?.isEmpty != true { throw unenforceable(keyword, path) }
        }
        if let unevaluated = object["unevaluatedProperties"], unevaluated.bool == nil {
            throw unenforceable("unevaluatedProperties", path)
        }
        guard let properties = (object["properties"] ?? .object([:])).object else {
            throw refusal("`properties` has to be an object.", path + ".properties")
        }
        let required = try requiredNames(of: object, path)
        let additional = object["additionalProperties"] ?? .bool(true)
        var (translated, kept): (JSONObject, [String]) = (JSONObject(), [])
        for member in properties.members {
            do {
                translated[member.name] = try translate(member.value, "\(path).properties.\(member.name)")
            } catch let error as SchemaMisfit {
                guard !required.contains(member.name) else { throw error }
            }
        }
        for name in required where properties[name] == nil {
            guard additional != .bool(false) else {
                throw misfit("property \(name) is required and not allowed", path + ".required")
            }
            translated[name] = try translate(additional, path + ".additionalProperties")
        }
        kept = required
        if properties.isEmpty, required.isEmpty, additional != .bool(false) {
            return try map(of: additional, object, path)
        }
        try bound(&translated, &kept, object, path)
        return .object([
            "type": .string("object"), "properties": .object(translated),
            "required": .array(kept.map { .string($0) }), "additionalProperties": .bool(false),
        ])
    }

    private func requiredNames(of object: JSONObject, _ path: String) throws -> [String] {
        guard let required = object["required"] else { return [] }
        guard let names = required.array, !names.contains(where: { $0.string == nil }) else {
            throw refusal("`required` has to be a list of names.", path + ".required")
        }
        var seen: Set<String> = []
        return names.compactMap(\.string).filter { seen.insert($0).inserted }
    }

    /// An object whose properties may have any names.
    private mutating func map(of value: JSONValue, _ object: JSONObject, _ path: String) throws -> JSONValue {
        if let least = try count("minProperties", object, path), least > 0 {
            throw unenforceable("minProperties", path)
        }
        if object["maxProperties"] != nil { throw unenforceable("maxProperties", path) }
        guard value != .bool(true), value.object?.isEmpty != true else { return .object(["type": .string("object")]) }
        return .object([
            "type": .string("object"),
            "additionalProperties": try translate(value, path + ".additionalProperties"),
        ])
    }

    /// How many properties there may be: some of the optional ones become required, or are left out.
    private func bound(
        _ properties: inout JSONObject, _ required: inout [String], _ object: JSONObject, _ path: String
    ) throws {
        let least = try count("minProperties", object, path) ?? 0
        let most = try count("maxProperties", object, path) ?? Int.max
        guard required.count <= most, least <= most else {
            throw misfit("it has to have more properties than it may", path + ".maxProperties")
        }
        for member in properties.members.reversed() where properties.members.count > most {
            if !required.contains(member.name) { properties[member.name] = nil }
        }
        for member in properties.members where required.count < least && !required.contains(member.name) {
            required.append(member.name)
        }
        guard required.count >= least else {
            throw unenforceable("minProperties", path, "it is more than the properties that are named")
        }
        guard properties.members.count - required.count <= Self.maximumOptionalProperties else {
            throw refusal(
                "The schema is too large: an object has more than \(Self.maximumOptionalProperties) properties that "
                    + "are not required.", path + ".properties")
        }
    }

    mutating func array(_ object: JSONObject, _ path: String) throws -> JSONValue {
        var least = try count("minItems", object, path) ?? 0
        var most = try count("maxItems", object, path) ?? Int.max
        for keyword in ["contains", "minContains", "maxContains"] where object[keyword] != nil {
            throw unenforceable(keyword, path)
        }
        if let unevaluated = object["unevaluatedItems"], unevaluated.bool == nil {
            throw unenforceable("unevaluatedItems", path)
        }
        // Until 2020 a list of `items` was what `prefixItems` is.
        let prefix = object["prefixItems"]?.array ?? object["items"]?.array ?? []
        let rest = (object["items"]?.array == nil ? object["items"] : object["additionalItems"]) ?? .bool(true)
        if !prefix.isEmpty { return try tuple(prefix, rest, least, most, object, path) }
        if rest == .bool(false) { most = 0 }
        if object["uniqueItems"] == .bool(true) {
            guard least <= 1 else { throw unenforceable("uniqueItems", path) }
            guard most <= 1 else { throw unenforceable("uniqueItems", path) }
        }
        guard least <= most else { throw misfit("it has to have more items than it may", path + ".minItems") }
        var array = JSONObject(["type": .string("array")])
        if most > 0, rest != .bool(true) {
            do {
                array["items"] = try translate(rest, path + ".items")
            } catch let error as SchemaMisfit {
                guard least == 0 else { throw error }
                most = 0
            }
        }
        (least, most) = try bounds(least, most, "Items", path)
        if least > 0 { array["minItems"] = .number("\(least)") }
        if most < Int.max { array["maxItems"] = .number("\(most)") }
        return .object(array)
    }

    private mutating func tuple(
        _ prefix: [JSONValue], _ rest: JSONValue, _ least: Int, _ most: Int, _ object: JSONObject, _ path: String
    ) throws -> JSONValue {
        guard least <= most else { throw misfit("it has to have more items than it may", path + ".minItems") }
        // Items beyond the prefix are generated only as far as they have to be.
        let count = min(max(prefix.count, least), most)
        guard count <= Self.maximumItems else { throw unenforceable("minItems", path, "it is too large") }
        guard object["uniqueItems"] != .bool(true) || count <= 1 else { throw unenforceable("uniqueItems", path) }
        var items: [JSONValue] = []
        for index in 0..<count {
            items.append(
                index < prefix.count
                    ? try translate(prefix[index], "\(path).prefixItems[\(index)]")
                    : try translate(rest, path + ".items"))
        }
        guard !items.isEmpty else { return .object(["type": .string("array"), "maxItems": .number("0")]) }
        return .object(["type": .string("array"), "prefixItems": .array(items)])
    }

    // Counts.

    func count(_ keyword: String, _ object: JSONObject, _ path: String) throws -> Int? {
        guard let value = object[keyword] else { return nil }
        guard let count = value.double, count >= 0, count.rounded() == count else {
            throw refusal("`\(keyword)` has to be an integer that is not negative.", "\(path).\(keyword)")
        }
        return Int(min(count, 1e12))
    }

    /// Bounds that a grammar can count to. An upper bound that it cannot is lowered: a shorter value fits as well.
    mutating func bounds(_ least: Int, _ most: Int, _ what: String, _ path: String) throws -> (Int, Int) {
        let limit = what == "Items" ? Self.maximumItems : Self.maximumLength
        guard least <= limit else { throw unenforceable("min\(what)", path, "it is larger than \(limit)") }
        let most = most == Int.max ? most : min(most, limit)
        try spend(most == Int.max ? least : most, "\(path).\(most == Int.max ? "min" : "max")\(what)")
        return (least, most)
    }
}
