/// Whether values that fit a schema which refers to itself come to an end.
enum SchemaRecursion {
    struct Endless: Error {
        var reason: String
    }

    /// - Parameters:
    ///   - root: a translated schema.
    ///   - definitions: what it refers to, by name.
    static func check(_ root: JSONValue, _ definitions: JSONObject) throws(Endless) {
        for member in definitions.members {
            guard !leadsBack(to: member.name, from: member.value, definitions, []) else {
                throw Endless(reason: "A `$ref` of the schema leads back to itself with nothing between.")
            }
        }
        var ending: Set<String> = []
        var isGrowing = true
        while isGrowing {
            let found = definitions.members.filter { !ending.contains($0.name) && ends($0.value, ending) }
            ending.formUnion(found.map(\.name))
            isGrowing = !found.isEmpty
        }
        guard ending.count == definitions.members.count, ends(root, ending) else {
            throw Endless(reason: "A `$ref` of the schema asks for itself again and again: no value fits that ends.")
        }
    }

    private static func name(_ reference: String) -> String { reference.replacing("#/$defs/", with: "") }

    private static func ends(_ schema: JSONValue, _ ending: Set<String>) -> Bool {
        guard let object = schema.object else { return true }
        if let reference = object["$ref"]?.string { return ending.contains(name(reference)) }
        if let branches = object["anyOf"]?.array { return branches.contains { ends($0, ending) } }
        if let items = object["prefixItems"]?.array { return items.allSatisfy { ends($0, ending) } }
        if let items = object["items"], let least = object["minItems"]?.double, least > 0 { return ends(items, ending) }
        let required = Set((object["required"]?.array ?? []).compactMap(\.string))
        return (object["properties"]?.object?.members ?? []).allSatisfy {
            !required.contains($0.name) || ends($0.value, ending)
        }
    }

    private static func leadsBack(
        to name: String, from schema: JSONValue, _ definitions: JSONObject, _ visited: Set<String>
    ) -> Bool {
        guard let object = schema.object else { return false }
        if let reference = object["$ref"]?.string.map(self.name) {
            if reference == name { return true }
            guard !visited.contains(reference), let next = definitions[reference] else { return false }
            return leadsBack(to: name, from: next, definitions, visited.union([reference]))
        }
        return (object["anyOf"]?.array ?? []).contains { leadsBack(to: name, from: $0, definitions, visited) }
    }
}
