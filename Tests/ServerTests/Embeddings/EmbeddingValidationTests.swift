import Foundation
import Inference
import TestSupport
import Testing

@Suite("A request for embeddings that is wrong")
struct EmbeddingValidationTests {
    static let many = Array(repeating: "1", count: 2_049).joined(separator: ",")
    static let png = Data(PictureFiles.png(2, 2)).base64EncodedString()

    @Test(
        "is refused with the field's name, on both bases",
        arguments: [
            WrongBody(#""input": """#, "input", "invalid_value"),
            WrongBody(#""input": []"#, "input", "out_of_range"),
            WrongBody(#""input": ["a", "", "b"]"#, "input[1]", "invalid_value"),
            WrongBody(#""input": [[]]"#, "input[0]", "out_of_range"),
            WrongBody(#""input": [[1], []]"#, "input[1]", "out_of_range"),
            WrongBody(#""input": ["a", 1]"#, "input[1]", "invalid_type"),
            WrongBody(#""input": ["a", null]"#, "input[1]", "invalid_type"),
            WrongBody(#""input": [1, "a"]"#, "input[1]", "invalid_type"),
            WrongBody(#""input": [[1], 2]"#, "input[1]", "invalid_type"),
            WrongBody(#""input": [1, -1]"#, "input[1]", "out_of_range"),
            WrongBody(#""input": [[1, -1]]"#, "input[0][1]", "out_of_range"),
            WrongBody(#""input": [1.5]"#, "input[0]", "out_of_range"),
            WrongBody(#""input": [4294967296]"#, "input[0]", "out_of_range"),
            WrongBody(#""input": [null]"#, "input", "invalid_type"),
            WrongBody(#""input": 7"#, "input", "invalid_type"),
            WrongBody(#""input": {}"#, "input", "invalid_type"),
            WrongBody(#""input": null"#, "input", "invalid_type"),
            WrongBody(#""user": "a""#, "input", "missing_required_parameter"),
            WrongBody(#""images": []"#, "input", "missing_required_parameter"),
            WrongBody("\"input\": [\(many)]", "input", "out_of_range"),
            WrongBody("\"input\": [\(many.replacing("1", with: "\"a\""))]", "input", "out_of_range"),
            WrongBody("\"input\": [\(many.replacing("1", with: "[1]"))]", "input", "out_of_range"),
            WrongBody(#""input": "a", "encoding_format": "int8""#, "encoding_format", "invalid_value"),
            WrongBody(#""input": "a", "encoding_format": 1"#, "encoding_format", "invalid_type"),
            WrongBody(#""input": "a", "dimensions": 0"#, "dimensions", "out_of_range"),
            WrongBody(#""input": "a", "dimensions": 1.5"#, "dimensions", "invalid_type"),
            WrongBody(#""input": "a", "user": 1"#, "user", "invalid_type"),
            WrongBody(#""images": "a""#, "images", "invalid_type"),
            WrongBody(#""images": [1]"#, "images[0]", "invalid_type"),
            WrongBody("\"images\": [\"\(png)\", \"***\"]", "images[1]", "invalid_value"),
            WrongBody(#""images": [""]"#, "images[0]", "invalid_value"),
            WrongBody(#""images": ["https://example.com/a.png"]"#, "images[0]", "invalid_value"),
            WrongBody(#""images": ["data:image/png;base64,"]"#, "images[0]", "invalid_value"),
            WrongBody(
                "\"images\": [\"\(png)\", \"\(Data(PictureFiles.gif).base64EncodedString())\"]", "images[1]",
                "invalid_value"),
            WrongBody("\"images\": [\"\(png.dropLast(8))\"]", "images[0]", "invalid_value"),
        ], ["/v1", "/v1/openai"])
    func wrong(body: WrongBody, base: String) async throws {
        let runners = FakeRunners()
        try body.expect(try await Surface(runners).embed(body.fields, base: base))
        #expect(runners.embeddings.received.isEmpty)
    }

    @Test("is refused with all its faults at once")
    func all() async throws {
        let reply = try await Surface().embed(#""input": ["a", 1], "images": [2], "dimensions": 0, "user": 3"#)
        let message = try #require(try reply.error("message"))
        for field in ["input[1]: ", "images[0]: ", "dimensions: ", "user: "] { #expect(message.contains(field)) }
    }

    @Test("is too large where an image would be once decoded, which says how large both may be")
    func tooLarge() async throws {
        let runners = FakeRunners()
        let image = Data(PictureFiles.png(60_000, 60_000)).base64EncodedString()
        let reply = try await Surface(runners).embed(#""images": ["\#(Self.png)", "\#(image)"]"#)
        #expect(reply.status == 413)
        #expect(try reply.error("param") == "images[1]")
        let message = try #require(try reply.error("message"))
        #expect(message.contains("60000 × 60000") && message.contains("at most 50 megapixels"))
        #expect(runners.embeddings.received.isEmpty)
    }

    @Test("names a model that is not installed by its dialect's status, and one for something else always as 400")
    func models() async throws {
        for (base, status) in [("/v1", 404), ("/v1/openai", 400)] {
            let unknown = try await Surface().embed(#""input": "a""#, model: "none", base: base)
            #expect(unknown.status == status)
            #expect(try unknown.error("code") == "model_not_found")
            let chat = try await Surface().embed(#""input": "a""#, model: "tiny", base: base)
            #expect(chat.status == 400)
            #expect(try chat.error("param") == "model")
            #expect(
                try chat.error("message")
                    == "The model `tiny` is for chat, not for embeddings. Name an embedding model.")
        }
    }

    @Test(
        "is told of the model's objection by the field's name: an input that came alone has no place",
        arguments: [
            (#""input": "a""#, "input[0]", "input"), (#""input": [1, 2]"#, "input[0]", "input"),
            (#""input": ["a", "b"]"#, "input[1]", "input[1]"), (#""input": [[1]]"#, "input[0]", "input[0]"),
            (#""input": "a""#, "dimensions", "dimensions"),
        ])
    func objection(fields: String, inner: String, outer: String) async throws {
        let runners = FakeRunners(
            embeddings: FakeEmbeddings { _ in
                throw InferenceError(.contextLengthExceeded, "Too long.", parameter: inner)
            })
        let reply = try await Surface(runners).embed(fields)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == outer)
        #expect(try reply.error("code") == "context_length_exceeded")
    }
}
