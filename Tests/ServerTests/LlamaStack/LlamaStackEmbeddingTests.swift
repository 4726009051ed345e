import Foundation
import HTTPTypes
import Inference
import TestSupport
import Testing

@Suite("A request of LlamaStack's for embeddings")
struct LlamaStackEmbeddingTests {
    static let paths = ["inference/embeddings", "alpha/inference/embeddings"]
    static let png = Data(PictureFiles.png(3, 4)).base64EncodedString()

    private func embed(
        _ contents: String, _ more: String = "", path: String = paths[0], by runners: FakeRunners
    ) async throws -> Surface.Reply {
        try await Surface(runners).call(
            .post, "/v1/llamastack/" + path, body: #"{"model_id": "owner/vectors", "contents": \#(contents)\#(more)}"#)
    }

    @Test("gives a vector for each content, in their order", arguments: paths)
    func vectors(path: String) async throws {
        let runners = FakeRunners()
        let contents = #"["a", {"image": "data:image/png;base64,\#(Self.png)"}, ["b", "c"]]"#
        let reply = try await embed(contents, path: path, by: runners)
        // Texts are embedded first, so that the picture is the third.
        #expect(reply.body == #"{"embeddings":[[0.0,0.5],[2.0,0.5],[1.0,0.5]]}"#)
        #expect(
            runners.embeddings.received.map(\.inputs) == [
                [.text("a"), .text("b\nc"), .image(PictureFiles.png(3, 4))]
            ])
    }

    @Test(
        "takes what later clients send",
        arguments: [
            #"{"type": "text", "text": "a"}"#, #"[{"type": "text", "text": "a"}]"#,
        ])
    func typedText(content: String) async throws {
        let runners = FakeRunners()
        #expect(try await embed("[\(content)]", by: runners).status == 200)
        #expect(runners.embeddings.received.map(\.inputs) == [[.text("a")]])
    }

    @Test(
        "takes images in every form that holds them",
        arguments: [
            #"{"image": {"data": "\#(png)"}}"#, #"{"type": "image", "image": {"data": "\#(png)"}}"#,
            #"{"type": "image", "image": {"url": {"uri": "data:image/png;base64,\#(png)"}}}"#,
            #"{"image": {"url": "data:image/png;base64,\#(png)", "format": "png"}}"#,
            #"[{"image": "data:image/png;base64,\#(png)"}]"#,
        ])
    func images(content: String) async throws {
        let runners = FakeRunners()
        #expect(try await embed("[\(content)]", by: runners).status == 200)
        #expect(runners.embeddings.received.map(\.inputs) == [[.image(PictureFiles.png(3, 4))]])
    }

    @Test(
        "says what becomes of long texts and how many dimensions are wanted",
        arguments: [
            ("none", EmbeddingRequest.Truncation.none), ("start", .start), ("end", .end),
        ])
    func options(word: String, truncation: EmbeddingRequest.Truncation) async throws {
        let runners = FakeRunners()
        let more = #", "text_truncation": "\#(word)", "output_dimension": 64, "task_type": "query""#
        #expect(try await embed(#"["a"]"#, more, by: runners).status == 200)
        let request = try #require(runners.embeddings.received.first)
        #expect(request.truncation == truncation)
        #expect(request.dimensions == 64)
    }

    @Test(
        "is checked whole",
        arguments: [
            (#"[]"#, "", "contents"), (#""a""#, "", "contents"), (#"["a", 1]"#, "", "contents[1]"),
            (#"["a", ""]"#, "", "contents[1]"), (#"[["a", ""]]"#, "", "contents[0][1]"), (#"[[]]"#, "", "contents[0]"),
            (#"[["a", {"image": "data:image/png;base64,\#(png)"}]]"#, "", "contents[0]"),
            (#"[{"image": "data:"}]"#, "", "contents[0].image"),
            (#"[{"image": "https://example.com/a.png"}]"#, "", "contents[0].image"),
            (#"[{"image": {"format": "png"}}]"#, "", "contents[0].image"),
            (#"[{"image": 1}]"#, "", "contents[0].image"),
            (#"[{"type": "sound"}]"#, "", "contents[0].type"), (#"[{"type": "text"}]"#, "", "contents[0].text"),
            (#"["a", {"image": {"data": "R0lGODlh"}}]"#, "", "contents[1].image"),
            (#"["a"]"#, #", "task_type": "poem""#, "task_type"), (#"["a"]"#, #", "dimensions": 3"#, "dimensions"),
            (#"["a"]"#, #", "text_truncation": "middle""#, "text_truncation"),
            (#"["a"]"#, #", "output_dimension": 0"#, "output_dimension"),
        ])
    func faults(contents: String, more: String, param: String) async throws {
        let runners = FakeRunners()
        let reply = try await embed(contents, more, by: runners)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == param)
        #expect(runners.embeddings.received.isEmpty)
    }

    @Test(
        "needs a model for embeddings, under the newer or the older name",
        arguments: [
            (#"{"model_id": "tiny", "contents": ["a"]}"#, "model_id"),
            (#"{"model": "none", "contents": ["a"]}"#, "model_id"),
            (#"{"contents": ["a"]}"#, "model_id"), (#"{"model_id": "owner/vectors"}"#, "contents"),
        ])
    func models(body: String, param: String) async throws {
        for path in Self.paths {
            let reply = try await Surface().call(.post, "/v1/llamastack/" + path, body: body)
            #expect(reply.status == 400)
            #expect(try reply.error("param") == param)
        }
        let older = try await Surface().call(
            .post, "/v1/llamastack/inference/embeddings", body: #"{"model": "owner/vectors", "contents": ["a"]}"#)
        #expect(older.status == 200)
    }

    @Test(
        "is told of the model's objection by the content's place",
        arguments: [
            ("input[1]", "contents[2]"), ("images[0]", "contents[1]"), ("images", "contents[1]"),
            ("dimensions", "output_dimension"),
        ])
    func objection(inner: String, outer: String) async throws {
        let runners = FakeRunners(
            embeddings: FakeEmbeddings { _ in throw InferenceError(.invalidRequest, "No.", parameter: inner) })
        let contents = #"["a", {"image": "data:image/png;base64,\#(Self.png)"}, "b"]"#
        #expect(try await embed(contents, by: runners).error("param") == outer)
    }
}
