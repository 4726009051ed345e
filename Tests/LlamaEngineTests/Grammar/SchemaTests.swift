import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Schemas")
struct SchemaTests {
    private func source(_ format: OutputFormat) throws -> GrammarSource {
        let template = try ChatTemplate(source: GrammarProbe.chatML, beginOfSequence: "", endOfSequence: "")
        let chat = try template.render(
            ChatRequest(messages: [ChatMessage(role: .user, content: "Hi")], outputFormat: format))
        return try #require(chat.grammar)
    }

    /// A schema, texts that fit and can be generated, texts that do not fit.
    static let enforced: [(String, [String], [String])] = [
        (#"{"type": "string", "minLength": 2, "maxLength": 3}"#, [#""ab""#, #""é\n""#], [#""a""#, #""abcd""#]),
        (#"{"type": "string", "pattern": "^[a-c]{2}\\d?$"}"#, [#""ab""#, #""cc7""#], [#""ad""#, #""ab77""#]),
        (#"{"type": "string", "pattern": "b+"}"#, [#""abba""#, #""b""#], [#""aa""#]),
        (#"{"type": "string", "pattern": "^.\"\\\\$"}"#, [#""x\"\\""#], [#""x"\""#, #""xy\\""#]),
        (#"{"type": "string", "pattern": "^\\w+$", "maxLength": 2}"#, [#""ab""#], [#""abc""#, #""""#]),
        (#"{"type": "string", "format": "date"}"#, [#""2024-02-28""#], [#""2024-02-30""#, #""2024-13-01""#]),
        (#"{"type": "integer", "minimum": -3, "maximum": 12}"#, ["-3", "0", "12"], ["-4", "13", "1.5", "012"]),
        (#"{"type": "integer", "exclusiveMinimum": 9}"#, ["10", "12345"], ["9", "-10"]),
        (#"{"type": "integer", "maximum": -5}"#, ["-5", "-77"], ["-4", "-04", "5"]),
        (#"{"type": "number", "minimum": 0, "exclusiveMaximum": 1}"#, ["0", "0.25"], ["1", "1.0", "-0.5"]),
        (#"{"type": "number", "minimum": 0.5, "maximum": 0.75}"#, ["0.50", "0.75"], ["0.49", "0.76", "1"]),
        (#"{"type": ["integer", "null"]}"#, ["1", "null"], ["true", #""1""#]),
        (#"{"type": "string", "enum": ["a", 1, "b"]}"#, [#""a""#, #""b""#], ["1", #""c""#]),
        (
            #"{"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2}"#,
            ["[true]", "[true, false]"], ["[]", "[true, true, true]"]
        ),
        (
            #"{"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false}"#,
            [#"[1, "a"]"#], [#"["a", 1]"#, #"[1, "a", 2]"#]
        ),
        (
            #"{"properties": {"a": {"type": "null"}, "b": {"type": "null"}}, "required": ["b"]}"#,
            [#"{"b": null}"#, #"{"b": null, "a": null}"#], ["{}", #"{"a": null}"#, #"{"b": null, "c": 1}"#]
        ),
        (#"{"type": "object", "required": ["x"]}"#, [#"{"x": 1}"#], ["{}"]),
        (#"{"type": "object", "additionalProperties": {"type": "integer"}}"#, [#"{"q": 1}"#, "{}"], [#"{"q": "1"}"#]),
        (#"{"type": "object", "properties": {"a": {}, "b": {}}, "minProperties": 1}"#, [#"{"a": 1}"#], ["{}"]),
        (
            #"{"allOf": [{"properties": {"a": {"type": "null"}}, "required": ["a"]}, "#
                + #"{"properties": {"b": {"type": "null"}}, "required": ["b"]}]}"#,
            [#"{"a": null, "b": null}"#], [#"{"a": null}"#]
        ),
        (
            ##"{"$ref": "#/$defs/a_b", "$defs": {"a_b": {"type": "null"}, "a-b": {"type": "boolean"}}}"##, ["null"],
            ["true"]
        ),
        (#"{"anyOf": [{"type": "integer"}, {"type": "number"}], "maximum": 3}"#, ["3", "-2.5"], ["4"]),
        (
            #"{"oneOf": [{"properties": {"k": {"const": 1}}, "required": ["k"]}, "#
                + #"{"properties": {"k": {"const": 2}}, "required": ["k"]}]}"#,
            [#"{"k": 1}"#, #"{"k": 2}"#], [#"{"k": 3}"#]
        ),
        (
            ##"{"properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "##
                + ##""required": ["next"], "additionalProperties": false}"##,
            [#"{"next": null}"#, #"{"next": {"next": null}}"#], ["{}"]
        ),
        (#"{"const": {"a": [1, "b"]}}"#, [#"{"a":[1,"b"]}"#], [#"{"a":[1,"c"]}"#]),
    ]

    @Test("What a schema asks for is kept to", arguments: enforced)
    func keepsTo(schema: String, fitting: [String], unfitting: [String]) throws {
        let probe = try #require(GrammarProbe.qwen)
        let source = try source(.jsonSchema(schema))
        for text in fitting { #expect(try probe.accepts(source, text), "\(text)") }
        for text in unfitting { #expect(try !probe.accepts(source, text), "\(text)") }
    }

    static let refused: [(String, String)] = [
        (#"{"type": "array", "uniqueItems": true}"#, ".uniqueItems"),
        (
            #"{"type": "object", "properties": {"tags": {"type": "array", "contains": {}}}}"#,
            ".properties.tags.contains"
        ),
        (#"{"type": "integer", "multipleOf": 3}"#, ".multipleOf"),
        (#"{"not": {"type": "null"}}"#, ".not"),
        (#"{"if": {}, "then": {}}"#, ".if"),
        (#"{"type": "object", "patternProperties": {"^a": {}}}"#, ".patternProperties"),
        (#"{"type": "object", "propertyNames": {"maxLength": 3}}"#, ".propertyNames"),
        (#"{"type": "object", "dependentRequired": {"a": ["b"]}}"#, ".dependentRequired"),
        (#"{"type": "object", "maxProperties": 3}"#, ".maxProperties"),
        (#"{"type": "string", "pattern": "(?=a)b"}"#, ".pattern"),
        (#"{"type": "string", "pattern": "(a)\\1"}"#, ".pattern"),
        (#"{"type": "string", "pattern": "("}"#, ".pattern"),
        (#"{"type": "string", "pattern": "^a*b$", "minLength": 3}"#, ".minLength"),
        (#"{"type": "string", "format": "regex"}"#, ".format"),
        (#"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#, ".oneOf"),
        (#"{"$ref": "https://example.org/schema"}"#, ".$ref"),
        (##"{"$ref": "#/$defs/missing"}"##, ".$ref"),
        (#"{"type": "thing"}"#, ".type"),
        (#"{"type": "string", "minLength": 1000000}"#, ".minLength"),
        (#"{"type": "array", "minItems": 3, "maxItems": 2}"#, ".minItems"),
        (##"{"$ref": "#"}"##, ""),
        (##"{"properties": {"self": {"$ref": "#"}}, "required": ["self"]}"##, ""),
        (##"{"allOf": [{"$ref": "#"}, {"type": "object"}]}"##, ""),
        ("false", ""),
        ("[1]", ""),
        ("nonsense", ""),
    ]

    @Test("What cannot be enforced is refused by its name and its place", arguments: refused)
    func refuses(schema: String, place: String) throws {
        let error = #expect(throws: InferenceError.self) { try source(.jsonSchema(schema)) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter?.hasPrefix("response_format.json_schema.schema") == true)
        #expect(error?.parameter?.hasSuffix(place) == true, "\(error?.parameter ?? "")")
        if let keyword = place.split(separator: ".").last {
            #expect(error?.message.contains(keyword) == true || error?.message.contains("Nothing fits") == true)
        }
    }

    @Test("Schemas beyond all bounds are refused, or bounded, at once")
    func bounded() throws {
        let many = (0..<10_000).map { #""p\#($0)": {"type": "null"}"# }.joined(separator: ", ")
        #expect(throws: InferenceError.self) { try source(.jsonSchema("{\"properties\": {\(many)}}")) }
        let deep = String(repeating: #"{"items": "#, count: 1_000) + "{}" + String(repeating: "}", count: 1_000)
        #expect(throws: InferenceError.self) { try source(.jsonSchema(deep)) }
        let probe = try #require(GrammarProbe.qwen)
        #expect(try probe.accepts(source(.jsonSchema(#"{"type": "array", "maxItems": 1000000000}"#)), "[1, 2]"))
    }

    @Test("Annotations and what is not known ask for nothing")
    func annotationsPass() throws {
        let schema = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "T", "description": "D", "default": 1,
             "examples": [1], "deprecated": true, "readOnly": true, "x-order": 3, "type": "integer"}
            """
        let probe = try #require(GrammarProbe.qwen)
        #expect(try probe.accepts(source(.jsonSchema(schema)), "12"))
    }

    @Test("A JSON object is an object, and nothing else")
    func anyObject() throws {
        let probe = try #require(GrammarProbe.qwen)
        let source = try source(.jsonObject)
        for text in ["{}", #"{"a": [1, {"b": "\u00e9\n"}]}"#] { #expect(try probe.accepts(source, text)) }
        for text in ["[]", "1", #""a""#, "{", #"{"a": 1"#] { #expect(try !probe.accepts(source, text)) }
    }

    @Test(
        "No half of a surrogate pair is written, no number beyond a double's range, no endless white space",
        arguments: [
            #"{"a": "\ud800"}"#, #"{"a": "\uDFFF"}"#, #"{"a": 1e999}"#, #"{"a": 12345678901234567890123}"#,
            "{\"a\":" + String(repeating: " ", count: 50) + "1}", "{\"a\": \"\u{1}\"}",
        ])
    func strictJSON(text: String) throws {
        let probe = try #require(GrammarProbe.qwen)
        #expect(try !probe.accepts(source(.jsonObject), text))
    }

    @Test("Whatever tokens are drawn, what comes of it is read by a strict reader")
    func randomDraws() throws {
        let probe = try #require(GrammarProbe.qwen)
        var generator = Randomness(0)
        let count = rounds(short: 20, long: 2_000)
        var texts: [String] = []
        for _ in 0..<count {
            // Some grow too long.
            guard let text = try probe.draw(source(.jsonObject), with: &generator) else { continue }
            texts.append(text)
            #expect(throws: Never.self, "\(text)") { try JSONReader.read(text, maximumDepth: 400) }
            #expect(text.drop { $0.isWhitespace }.hasPrefix("{"))
        }
        #expect(texts.count >= count / 2)
        #expect(Set(texts).count > texts.count / 2)
    }
}
