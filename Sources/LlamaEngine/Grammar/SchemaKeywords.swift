import Inference

/// What the keywords of JSON Schema (2020-12, and the older forms still in use) are about.
enum SchemaKeywords {
    /// Say something about a schema, and ask nothing of a value.
    static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "$vocabulary", "title", "description",
        "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "contentEncoding",
        "contentMediaType", "contentSchema", "discriminator", "nullable", "externalDocs", "xml",
    ]

    static let ofObjects: Set<String> = [
        "properties", "required", "additionalProperties", "minProperties", "maxProperties", "patternProperties",
        "propertyNames", "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties",
    ]
    static let ofArrays: Set<String> = [
        "items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains",
        "maxContains", "unevaluatedItems",
    ]
    static let ofStrings: Set<String> = ["pattern", "format", "minLength", "maxLength"]
    static let ofNumbers: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]
    static let ofAll: Set<String> = ["type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf"]
    /// Never enforced, of whatever type a value is.
    static let unenforced = ["not", "if", "then", "else", "$dynamicRef", "$recursiveRef"]

    static let assertions = ofObjects.union(ofArrays).union(ofStrings).union(ofNumbers).union(ofAll).union(unenforced)

    /// The members that ask something of a value; what is not known is taken for an annotation, as the standard says.
    static func assertions(of object: JSONObject) -> [JSONObject.Member] {
        object.members.filter { assertions.contains($0.name) }
    }

    /// The types that a schema names; `nil` where it names none.
    static func types(of object: JSONObject) -> [String]? {
        switch object["type"] {
        case nil: nil
        case .string(let type)?: [type]
        case .array(let types)?: types.compactMap(\.string)
        case let other?: [other.text]
        }
    }

    /// A schema without a type is taken for one of the values that its keywords are about.
    static func impliedType(of object: JSONObject) -> String? {
        for (type, keywords) in [
            ("object", ofObjects), ("array", ofArrays), ("string", ofStrings), ("number", ofNumbers),
        ] where object.members.contains(where: { keywords.contains($0.name) }) { return type }
        return nil
    }
}
