import Inference

/// Rewrites one schema into the part of the language that llama.cpp converts faithfully.
struct SchemaTranslator {
    /// The most subschemas, each counted as often as it is used.
    private static let maximumNodes = 5_000
    /// The most repetitions that a grammar may spell out, all bounds of a schema together.
    static let maximumRepetitions = 20_000
    /// The most characters that a bound may ask for; the library's own limit of repetitions.
    static let maximumLength = 2_000
    /// The most items, each of which takes up to three of the library's repetitions.
    static let maximumItems = 500

    let root: JSONValue
    private let parameter: String
    var leaves: SchemaLeaves
    private var nodes = 0
    private var repetitions = 0
    /// The subschemas that `$ref` names, each translated once.
    private var definitions = JSONObject()
    private var names: [String: String] = [:]

    init(root: JSONValue, parameter: String, leaves: SchemaLeaves) {
        self.root = root
        self.parameter = parameter
        self.leaves = leaves
    }

    /// The schema with all that it refers to.
    mutating func document(_ schema: JSONValue) throws -> JSONValue {
        var translated: JSONObject
        do {
            translated = try translate(schema, "").object ?? JSONObject()
        } catch let misfit as SchemaMisfit {
            throw misfit.refusal
        }
        guard !definitions.isEmpty else { return .object(translated) }
        do {
            try SchemaRecursion.check(.object(translated), definitions)
        } catch {
            throw refusal(error.reason, "")
        }
        if translated["$ref"] != nil {
            // llama.cpp looks up definitions in the root, and a root that is a reference can hold nothing else.
            translated = JSONObject(["anyOf": .array([.object(translated)])])
        }
        translated["$defs"] = .object(definitions)
        return .object(translated)
    }

    mutating func translate(_ schema: JSONValue, _ path: String) throws -> JSONValue {
        nodes += 1
        guard nodes <= Self.maximumNodes else {
            throw refusal("The schema is too large: it has more than \(Self.maximumNodes) parts.", "")
        }
        if schema == .bool(true) { return .object([:]) }
        let object = try flattened(schema, path)
        if let reference = object["$ref"]?.string { return try self.reference(to: reference, path) }
        if let alternatives = try alternatives(of: object, path) { return try union(alternatives) }
        if object["const"] != nil || object["enum"] != nil { return try values(of: object, path) }
        return try types(of: object, path)
    }

    private mutating func union(_ alternatives: [(schema: JSONValue, path: String)]) throws -> JSONValue {
        var translated: [JSONValue] = []
        var misfit: SchemaMisfit?
        for alternative in alternatives {
            do {
                translated.append(try translate(alternative.schema, alternative.path))
            } catch let error as SchemaMisfit {
                misfit = error
            }
        }
        if translated.isEmpty, let misfit { throw misfit }
        return translated.count == 1 ? translated[0] : .object(["anyOf": .array(translated)])
    }

    private mutating func types(of object: JSONObject, _ path: String) throws -> JSONValue {
        let types = SchemaKeywords.types(of: object) ?? SchemaKeywords.impliedType(of: object).map { [$0] }
        guard let types else { return .object([:]) }
        guard !types.isEmpty else { throw misfit("no type is allowed", path + ".type") }
        let known = ["object", "array", "string", "number", "integer", "boolean", "null"]
        if let unknown = types.first(where: { !known.contains($0) }) {
            throw refusal(
                "`type` knows no `\(unknown)`; it is one of \(known.joined(separator: ", ")).", path + ".type")
        }
        var translated: [JSONValue] = []
        var misfit: SchemaMisfit?
        for type in types {
            do { translated.append(try value(of: type, object, path)) } catch let error as SchemaMisfit {
                misfit = error
            }
        }
        if translated.isEmpty, let misfit { throw misfit }
        return translated.count == 1 ? translated[0] : .object(["anyOf": .array(translated)])
    }

    private mutating func value(of type: String, _ object: JSONObject, _ path: String) throws -> JSONValue {
        switch type {
        case "object": try self.object(object, path)
        case "array": try array(object, path)
        case "string": try string(object, path)
        case "number": try number(object, path)
        case "integer": try integer(object, path)
        default: .object(["type": .string(type)])
        }
    }

    // References.

    private mutating func reference(to reference: String, _ path: String) throws -> JSONValue {
        if let name = names[reference] { return Self.reference(name) }
        let target = try self.target(of: reference, path)
        // Of names that differ in punctuation alone, the library makes one.
        let name = "dpais-definition-\(names.count)"
        names[reference] = name
        definitions[name] = .null
        let steps = reference.split(separator: "/").dropFirst().joined(separator: ".")
        definitions[name] = try translate(target, ".\(steps)")
        return Self.reference(name)
    }

    private static func reference(_ name: String) -> JSONValue { .object(["$ref": .string("#/$defs/\(name)")]) }

    /// The subschema of this document that a reference names.
    func target(of reference: String, _ path: String) throws -> JSONValue {
        guard reference == "#" || reference.hasPrefix("#/") else {
            throw refusal(
                "`$ref` to \(reference) cannot be followed: it has to begin with `#/`, and to name a part of the same "
                    + "schema.", path + ".$ref")
        }
        var target: JSONValue? = root
        for step in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false)
        where reference != "#" {
            let name = String(step).replacing("~1", with: "/").replacing("~0", with: "~")
            switch target {
            case .object(let object)?: target = object[name]
            case .array(let array)?: target = Int(name).flatMap { array.indices.contains($0) ? array[$0] : nil }
            default: target = nil
            }
        }
        guard let target else { throw refusal("`$ref` names \(reference), which is not there.", path + ".$ref") }
        return target
    }

    // Limits.

    /// Counts what a bound makes the grammar spell out.
    mutating func spend(_ count: Int, _ path: String) throws {
        repetitions += count
        guard repetitions <= Self.maximumRepetitions else {
            throw refusal(
                "The bounds of the schema's lengths come to more than \(Self.maximumRepetitions) together, which "
                    + "cannot be enforced.", path)
        }
    }

    // Refusals.

    func refusal(_ message: String, _ path: String) -> InferenceError {
        InferenceError(.invalidRequest, message, parameter: parameter + path)
    }

    /// For a keyword that the grammar has no way to keep to.
    func unenforceable(_ keyword: String, _ path: String, _ reason: String = "") -> InferenceError {
        refusal(
            "`\(keyword)` cannot be enforced while an answer is generated\(reason.isEmpty ? "" : ": \(reason)"). "
                + "Take it out of the schema, and check the answer for it.", "\(path).\(keyword)")
    }

    /// For a part of the schema that nothing fits.
    func misfit(_ reason: String, _ path: String) -> SchemaMisfit {
        SchemaMisfit(refusal: refusal("Nothing fits the schema: \(reason).", path))
    }
}

/// Nothing fits a part of a schema, which matters only where the part has to be fitted.
struct SchemaMisfit: Error {
    var refusal: InferenceError
}
