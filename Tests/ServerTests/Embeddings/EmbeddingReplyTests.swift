import Foundation
import HTTPTypes
import Inference
import Testing

@Suite("The reply to a request for embeddings")
struct EmbeddingReplyTests {
    static let runners = FakeRunners(
        embeddings: FakeEmbeddings { _ in
            Embeddings(values: [0.25, -0.1, 1e-7, 0.33333334], dimensions: 2, promptTokens: 9)
        })

    @Test(
        "holds the vectors as numbers unless it is told otherwise", arguments: ["", #", "encoding_format": "float""#])
    func floats(format: String) async throws {
        let reply = try await Surface(Self.runners).embed(#""input": ["a", "b"]"# + format)
        #expect(
            reply.body
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.1]},"#
                + #"{"object":"embedding","index":1,"embedding":[1e-07,0.33333334]}],"model":"owner/vectors","#
                + #""usage":{"prompt_tokens":9,"total_tokens":9}}"#)
        #expect(reply.headers[.contentType] == "application/json")
    }

    @Test("holds the vectors as base64 of little-endian floats where that is asked for")
    func base64() async throws {
        let reply = try await Surface(Self.runners).embed(#""input": ["a", "b"], "encoding_format": "base64""#)
        let data = try #require(try reply.json()["data"] as? [[String: Any]])
        // Python: base64.b64encode(struct.pack("<2f", 0.25, -0.1)), and of (1e-7, 0.33333334)
        #expect(data.map { $0["embedding"] as? String } == ["AACAPs3MzL0=", "lb/WM6uqqj4="])
        #expect(data.map { $0["index"] as? Int } == [0, 1])
    }

    @Test(
        "is an error of the server's where the model gives numbers that are none, or too few",
        arguments: [
            [Float.nan, 0], [.infinity, 0], [1],
        ])
    func nonsense(values: [Float]) async throws {
        let runners = FakeRunners(
            embeddings: FakeEmbeddings { _ in Embeddings(values: values, dimensions: 2, promptTokens: 1) })
        #expect(try await Surface(runners).embed(#""input": "a""#).status == 500)
    }
}
