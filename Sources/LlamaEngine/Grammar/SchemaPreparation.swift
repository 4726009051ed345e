import CLlamaShim
import Inference

/// Schemas made ready for llama.cpp's conversion to a grammar, and grammars made of them.
///
/// The conversion passes over what it does not know, and over some of what it does: keywords beside `$ref` or `anyOf`,
/// patterns that it cannot translate, bounds of numbers. Here a schema is rewritten into the part of the language that
/// is converted faithfully, with grammars of our own where a value has a pattern, a format or bounds; what can be
/// neither rewritten nor enforced is refused. What is generated always fits the schema as it was given; not all that
/// fits the schema can be generated.
struct SchemaPreparation: Sendable {
    /// The most bytes of a schema.
    private static let maximumLength = 256 * 1024
    /// The most levels of a schema.
    private static let maximumDepth = 64

    private var leaves = SchemaLeaves()

    /// - Parameter parameter: the request's field that holds the schema.
    /// - Throws: ``InferenceError`` of kind `invalidRequest` that names the keyword which cannot be enforced.
    mutating func value(of schema: String, parameter: String) throws -> JSONValue {
        let schema = try read(schema, parameter)
        var translator = SchemaTranslator(root: schema, parameter: parameter, leaves: leaves)
        let translated = try translator.document(schema)
        leaves = translator.leaves
        return translated
    }

    /// The schema of a tool's arguments, which are an object. Where the tool is not strict, any value goes for a
    /// property whose schema cannot be enforced.
    mutating func arguments(of tool: Tool, parameter: String) throws -> JSONValue {
        guard let parameters = tool.parameters else { return Self.empty }
        let schema: JSONValue
        do { schema = try read(parameters, parameter) } catch  where !tool.isStrict { return Self.anyObject }
        guard var object = schema.object, !object.isEmpty else { return Self.empty }
        if object["type"] == nil { object["type"] = .string("object") }
        do {
            var translator = SchemaTranslator(root: schema, parameter: parameter, leaves: leaves)
            let translated = try translator.document(.object(object))
            leaves = translator.leaves
            return translated
        } catch {
            guard !tool.isStrict else { throw error }
            return loose(object, root: schema)
        }
    }

    private mutating func loose(_ object: JSONObject, root: JSONValue) -> JSONValue {
        guard let properties = object["properties"]?.object, !properties.isEmpty, properties.members.count <= 200
        else { return Self.anyObject }
        var loose = JSONObject()
        for member in properties.members {
            var translator = SchemaTranslator(root: root, parameter: "", leaves: leaves)
            if let translated = try? translator.document(member.value), translated.object?["$defs"] == nil {
                loose[member.name] = translated
                leaves = translator.leaves
            } else {
                loose[member.name] = .object([:])
            }
        }
        let required = (object["required"]?.array ?? []).filter { $0.string.map { loose[$0] != nil } ?? false }
        return .object([
            "type": .string("object"), "properties": .object(loose), "required": .array(required),
            "additionalProperties": .bool(false),
        ])
    }

    private static let anyObject = JSONValue.object(["type": .string("object")])
    private static let empty = JSONValue.object(["type": .string("object"), "properties": .object([:])])

    private func read(_ schema: String, _ parameter: String) throws -> JSONValue {
        guard schema.utf8.count <= Self.maximumLength else {
            throw InferenceError(
                .invalidRequest,
                "The schema has \(schema.utf8.count) bytes; at most \(Self.maximumLength) can be enforced.",
                parameter: parameter)
        }
        do {
            return try JSONReader.read(schema, maximumDepth: Self.maximumDepth)
        } catch {
            throw InferenceError(.invalidRequest, "The schema is not JSON: \(error.reason).", parameter: parameter)
        }
    }

    /// The grammar of values that fit a schema from ``value(of:parameter:)``.
    func grammar(of schema: JSONValue) throws -> String {
        var reason: UnsafeMutablePointer<CChar>?
        guard let grammar = dpais_grammar_from_schema(schema.text, &reason) else {
            throw InferenceError(
                .invalidRequest, "The schema cannot be made a grammar: \(text(taking: reason)).",
                parameter: "response_format")
        }
        return completing(text(taking: grammar))
    }

    /// A grammar of llama.cpp's that holds prepared schemas, made whole and strict.
    func completing(_ gbnf: String) -> String { leaves.completing(StrictJSON.tightening(gbnf)) }
}
