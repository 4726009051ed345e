import Inference

extension SchemaTranslator {
    /// The most subschemas within one another that are looked through for one value.
    private static let maximumNesting = 32

    /// The schema as one object of keywords: what `allOf` and `$ref` add to it is merged into it. A schema that is a
    /// reference and nothing else stays one.
    func flattened(_ schema: JSONValue, _ path: String, depth: Int = 0) throws -> JSONObject {
        guard depth <= Self.maximumNesting else {
            throw refusal("`$ref` and `allOf` lead on and on without an end.", path)
        }
        guard let object = schema.object else {
            if schema == .bool(true) { return JSONObject() }
            if schema == .bool(false) { throw misfit("it is false", path) }
            throw refusal("A schema has to be an object, or true or false.", path)
        }
        for keyword in SchemaKeywords.unenforced where object[keyword] != nil { throw unenforceable(keyword, path) }
        var rest = object
        for member in object.members where !SchemaKeywords.assertions.contains(member.name) { rest[member.name] = nil }
        if let reference = rest["$ref"] {
            guard reference.string != nil else { throw refusal("`$ref` has to be a string.", path + ".$ref") }
            if rest.members.count == 1 { return rest }
        }
        let parts = (rest["allOf"]?.array ?? []).enumerated().map { ($1, "\(path).allOf[\($0)]") }
        if rest["allOf"] != nil, parts.isEmpty {
            throw refusal("`allOf` has to be a list of schemas.", path + ".allOf")
        }
        rest["allOf"] = nil
        if let reference = rest["$ref"]?.string {
            rest["$ref"] = nil
            let target = try target(of: reference, path)
            rest = try merging(rest, try flattened(target, path + ".$ref", depth: depth + 1), path, depth)
        }
        for (part, partPath) in parts {
            let part = try flattened(part, partPath, depth: depth + 1)
            if rest.isEmpty, parts.count == 1 { return part }
            rest = try merging(rest, part, partPath, depth)
        }
        return rest
    }

    private func merging(
        _ left: JSONObject, _ right: JSONObject, _ path: String, _ depth: Int
    ) throws -> JSONObject {
        var (left, right) = (try resolved(left, path, depth), try resolved(right, path, depth))
        try SchemaMerging.settleProperties(&left, &right, self, path)
        var merged = left
        for member in right.members {
            guard let existing = left[member.name], existing != member.value else {
                merged[member.name] = member.value
                continue
            }
            guard let both = try SchemaMerging.merge(member.name, existing, member.value, self, path) else {
                throw refusal(
                    "`\(member.name)` cannot be enforced where several parts of a schema set it differently. Write "
                        + "them as one.", "\(path).\(member.name)")
            }
            merged[member.name] = both
        }
        return merged
    }

    /// What a mere reference stands for.
    private func resolved(_ object: JSONObject, _ path: String, _ depth: Int) throws -> JSONObject {
        guard let reference = object["$ref"]?.string else { return object }
        return try resolved(
            flattened(try target(of: reference, path), path + ".$ref", depth: depth + 1), path, depth + 1)
    }

    /// The schemas one of which a value has to fit; `nil` where there is no choice.
    func alternatives(of object: JSONObject, _ path: String) throws -> [(schema: JSONValue, path: String)]? {
        let keywords = ["anyOf", "oneOf"].filter { object[$0] != nil }
        guard let keyword = keywords.first else { return nil }
        guard keywords.count == 1 else { throw unenforceable("oneOf", path, "it stands beside `anyOf`") }
        guard let branches = object[keyword]?.array, !branches.isEmpty else {
            throw refusal("`\(keyword)` has to be a list of schemas.", "\(path).\(keyword)")
        }
        var rest = object
        rest[keyword] = nil
        let alternatives = branches.enumerated().map { index, branch in
            let whole: JSONValue =
                SchemaKeywords.assertions(of: rest).isEmpty
                ? branch : .object(["allOf": .array([.object(rest), branch])])
            return (schema: whole, path: "\(path).\(keyword)[\(index)]")
        }
        if keyword == "oneOf" { try checkExclusion(alternatives, path) }
        return alternatives
    }

    /// One of several and no more: what is generated for one alternative must never fit another.
    private func checkExclusion(_ alternatives: [(schema: JSONValue, path: String)], _ path: String) throws {
        guard alternatives.count <= 64 else { throw unenforceable("oneOf", path, "it has more than 64 alternatives") }
        let flat = try alternatives.map { try resolved(flattened($0.schema, $0.path), $0.path, 0) }
        for (index, one) in flat.enumerated() {
            for (other, another) in flat.enumerated() where other != index {
                guard try SchemaExclusion(self, path).excludes(another, valuesOf: one) else {
                    throw unenforceable(
                        "oneOf", path,
                        "what fits alternative \(index) may fit alternative \(other) too; `anyOf` says what is meant")
                }
            }
        }
    }

    // Values that are written down.

    /// `enum` and `const`: those of the values that also fit what stands beside.
    mutating func values(of object: JSONObject, _ path: String) throws -> JSONValue {
        var values = object["const"].map { [$0] } ?? object["enum"]?.array ?? []
        let keyword = object["const"] == nil ? "enum" : "const"
        guard !values.isEmpty else { throw refusal("`enum` has to be a list of values.", path + ".enum") }
        if let list = object["enum"]?.array { values = values.filter { list.contains($0) } }
        var rest = object
        rest["const"] = nil
        rest["enum"] = nil
        for member in SchemaKeywords.assertions(of: rest) where !SchemaValue.checked.contains(member.name) {
            throw unenforceable(member.name, path, "it stands beside `\(keyword)`")
        }
        values = values.filter { SchemaValue.fits($0, rest) }
        guard !values.isEmpty else { throw misfit("none of the values that it lists fits the rest of it", path) }
        try spend(values.count, "\(path).\(keyword)")
        return .object(["enum": .array(values)])
    }
}
