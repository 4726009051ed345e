/// Whether what is generated for one schema can never fit another.
struct SchemaExclusion {
    private let translator: SchemaTranslator
    private let path: String

    init(_ translator: SchemaTranslator, _ path: String) {
        self.translator = translator
        self.path = path
    }

    /// Both as ``SchemaTranslator/flattened(_:_:depth:)`` gives them. Objects are generated with the properties that
    /// their schema names, and no others.
    func excludes(_ other: JSONObject, valuesOf one: JSONObject, depth: Int = 0) throws -> Bool {
        guard depth < 4 else { return false }
        if let values = Self.values(of: one) {
            if let others = Self.values(of: other) { return !values.contains { others.contains($0) } }
            if values.allSatisfy({ !SchemaValue.fits($0, other) }) { return true }
        } else if let others = Self.values(of: other) {
            return others.allSatisfy { !SchemaValue.fits($0, one) }
        }
        let implied = SchemaKeywords.impliedType(of: one).map { Set([$0]) }
        guard let types = Self.types(of: one) ?? implied else { return false }
        // Without a type, the other takes values of every type that its keywords are not about.
        let others = Self.types(of: other) ?? Self.allTypes
        let shared = types.intersection(others)
        let numbers: Set = ["integer", "number"]
        if shared.isEmpty, types.isDisjoint(with: numbers) || others.isDisjoint(with: numbers) { return true }
        return types == ["object"] ? try excludesObjects(other, one, depth) : false
    }

    private func excludesObjects(_ other: JSONObject, _ one: JSONObject, _ depth: Int) throws -> Bool {
        guard one["anyOf"] == nil, one["oneOf"] == nil else { return false }
        let properties = one["properties"]?.object ?? JSONObject()
        let required = Set((one["required"]?.array ?? []).compactMap(\.string))
        let othersRequired = (other["required"]?.array ?? []).compactMap(\.string)
        let isOpen = properties.isEmpty && one["additionalProperties"] != .bool(false)
        if !isOpen, othersRequired.contains(where: { properties[$0] == nil && !required.contains($0) }) { return true }
        let othersProperties = other["properties"]?.object ?? JSONObject()
        for name in required.sorted() {
            if othersProperties[name] == nil {
                if other["additionalProperties"] == .bool(false) { return true }
                continue
            }
            guard let mine = properties[name], let theirs = othersProperties[name] else { continue }
            let (flat, othersFlat) = (try looked(at: mine), try looked(at: theirs))
            if try excludes(othersFlat, valuesOf: flat, depth: depth + 1) { return true }
        }
        return false
    }

    private func looked(at schema: JSONValue) throws -> JSONObject {
        var object = try translator.flattened(schema, path)
        for _ in 0..<8 {
            guard let reference = object["$ref"]?.string else { break }
            object = try translator.flattened(try translator.target(of: reference, path), path)
        }
        return object
    }

    private static let allTypes: Set = ["object", "array", "string", "number", "integer", "boolean", "null"]

    private static func values(of schema: JSONObject) -> [JSONValue]? {
        schema["const"].map { [$0] } ?? schema["enum"]?.array
    }

    private static func types(of schema: JSONObject) -> Set<String>? {
        if let values = values(of: schema) {
            return Set(values.flatMap { value in allTypes.filter { SchemaValue.has(value, type: $0) } })
        }
        return SchemaKeywords.types(of: schema).map { Set($0) }
    }
}
