import Foundation
import HTTPTypes
import Inference
import TestSupport
import Testing

@Suite("A request for embeddings")
struct EmbeddingRequestTests {
    /// What the rooms below were asked.
    private func asked(_ fields: String, base: String = "/v1") async throws -> EmbeddingRequest {
        let runners = FakeRunners()
        let reply = try await Surface(runners).embed(fields, base: base)
        try #require(reply.status == 200, "\(reply.body)")
        return try #require(runners.embeddings.received.first)
    }

    @Test(
        "takes all four shapes of input, on both bases",
        arguments: [
            (#""input": "a\u00e9""#, [EmbeddingRequest.Input.text("aé")]),
            (#""input": ["a", "b\n"]"#, [.text("a"), .text("b\n")]),
            (#""input": [1, 0, 2147483647]"#, [.tokens([1, 0, .max])]),
            (#""input": [[1], [2, 3]]"#, [.tokens([1]), .tokens([2, 3])]),
        ], ["/v1", "/v1/openai"])
    func shapes(fields: (json: String, inputs: [EmbeddingRequest.Input]), base: String) async throws {
        #expect(try await asked(fields.json, base: base) == EmbeddingRequest(inputs: fields.inputs))
    }

    @Test("takes 2048 inputs of each kind")
    func most() async throws {
        let texts = Array(repeating: #""word""#, count: 2_048).joined(separator: ",")
        #expect(try await asked(#""input": [\#(texts)]"#).inputs.count == 2_048)
        let tokens = Array(repeating: "5", count: 2_048).joined(separator: ",")
        #expect(try await asked(#""input": [\#(tokens)]"#).inputs == [.tokens(Array(repeating: 5, count: 2_048))])
        // One list of a longer text's tokens may have more.
        #expect(try await asked(#""input": [[\#(tokens), 5]]"#).inputs.count == 1)
    }

    @Test("takes images as base64 and as data URLs, with or without texts, which come first")
    func images() async throws {
        let (first, second) = (PictureFiles.png(3, 4), PictureFiles.webP(5, 6))
        let list =
            #"["\#(Data(first).base64EncodedString())", "data:image/webp;base64,\#(Data(second).base64EncodedString())"]"#
        let pictures: [EmbeddingRequest.Input] = [.image(first), .image(second)]
        #expect(try await asked(#""images": \#(list)"#).inputs == pictures)
        #expect(try await asked(#""input": null, "images": \#(list)"#).inputs == pictures)
        #expect(try await asked(#""images": \#(list), "input": "a""#).inputs == [.text("a")] + pictures)
        #expect(try await asked(#""images": [], "input": "a""#).inputs == [.text("a")])
        #expect(try await asked(#""images": null, "input": "a""#).inputs == [.text("a")])
    }

    @Test("hands on how many dimensions are wanted, and never asks for a text to be cut")
    func dimensions() async throws {
        let request = try await asked(#""input": "a", "dimensions": 256, "user": "me", "encoding_format": null"#)
        #expect(request.dimensions == 256)
        #expect(request.truncation == .none)
    }

    @Test("has unknown fields passed over by OpenAI's dialect, and refused by the contract's, which lists them all")
    func unknownFields() async throws {
        let fields = #""input": "a", "wizard": true"#
        #expect(try await Surface(FakeRunners()).embed(fields).status == 200)
        let refused = try await Surface(FakeRunners()).embed(fields, base: "/v1/openai")
        #expect(refused.status == 400)
        #expect(try refused.error("param") == "wizard")
        #expect(try refused.error("code") == "unsupported_parameter")
    }
}

extension Surface {
    /// Asks for embeddings; the fields come beside a model.
    func embed(_ fields: String, model: String = "owner/vectors", base: String = "/v1") async throws -> Reply {
        try await call(.post, base + "/embeddings", body: #"{"model": "\#(model)", \#(fields)}"#)
    }
}
