import Foundation
import HTTPTypes
import Server
import Testing

@Suite("The LlamaStack surface")
struct LlamaStackInspectTests {
    private func get(_ path: String) async throws -> Surface.Reply {
        try await Surface().call(.get, "/v1/llamastack/" + path)
    }

    @Test("is healthy, at both bases", arguments: ["health", "alpha/health"])
    func health(path: String) async throws {
        let reply = try await get(path)
        #expect(reply.status == 200)
        #expect(reply.body == #"{"status":"OK"}"#)
    }

    @Test("tells which engine answers what")
    func providers() async throws {
        #expect(
            try await get("providers/list").body
                == #"{"inference":[{"provider_id":"llama","provider_type":"inline::llama"}],"#
                + #""inspect":[{"provider_id":"dpais","provider_type":"inline::dpais"}],"#
                + #""models":[{"provider_id":"dpais","provider_type":"inline::dpais"}]}"#)
    }

    @Test("lists routes that are all there")
    func routes() async throws {
        let reply = try await get("alpha/routes/list")
        let apis = try #require(try reply.json() as? [String: [[String: Any]]])
        #expect(Set(apis.keys) == ["inference", "inspect", "models"])
        var paths: Set<String> = []
        for route in apis.values.joined() {
            let path = try #require(route["route"] as? String)
            paths.insert(path)
            let method = try #require(HTTPRequest.Method(route["method"] as? String ?? ""))
            let answer = try await Surface().call(method, path, body: method == .post ? "{}" : nil)
            #expect(answer.status != 404 && answer.status != 405, "\(path)")
            #expect((route["provider_types"] as? [String])?.isEmpty == false)
        }
        #expect(
            paths.isSuperset(of: [
                "/v1/llamastack/inference/chat-completion", "/v1/llamastack/alpha/inference/embeddings",
                "/v1/llamastack/routes/list", "/v1/llamastack/alpha/health", "/v1/llamastack/models/get",
            ]))
        #expect(paths.count == 16)
    }

    @Test("lists models with what each client's version reads")
    func models() async throws {
        let reply = try await get("models/list")
        let models = try #require(JSONSerialization.jsonObject(with: Data(reply.body.utf8)) as? [[String: Any]])
        #expect(models.map { $0["identifier"] as? String } == ["tiny", "owner/vectors"])
        let model = try #require(models.first)
        #expect(model["provider_id"] as? String == "llama")
        #expect(model["provider_resource_id"] as? String == "tiny")
        #expect(model["llama_model"] as? String == "tiny")
        #expect(model["type"] as? String == "model")
        #expect((model["metadata"] as? [String: Any])?["capability"] as? String == "chat")
    }

    @Test("gives a model by its name")
    func model() async throws {
        #expect(
            try await get("models/get?identifier=owner%2Fvectors").json()["identifier"] as? String == "owner/vectors")
        for (query, code) in [("?identifier=none", "model_not_found"), ("", "missing_required_parameter")] {
            let reply = try await get("models/get" + query)
            #expect(reply.status == 400)
            #expect(try reply.error("code") == code)
            #expect(try reply.error("param") == "identifier")
        }
    }

    @Test("answers other methods with those that it has")
    func wrongMethod() async throws {
        let reply = try await get("inference/chat-completion")
        #expect(reply.status == 405)
        #expect(reply.headers[.allow] == "POST")
    }
}
