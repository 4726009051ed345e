import HTTPTypes
import Inference
import Runners
import Server
import Testing

@Suite("Models in memory")
struct LoadedModelsTests {
    @Test("are listed on both bases, and in the stats", arguments: ["/v1", "/v1/openai"])
    func list(base: String) async throws {
        var runners = FakeRunners()
        runners.loading = FakeLoading([
            LoadedModel(
                id: "tiny", capability: .chat, engine: "fake 1", state: .busy, process: 7, memoryBytes: 10,
                peakMemoryBytes: 20, device: "cpu", threads: 2, requests: 1, lastUsed: 100, expiresAt: 400,
                pinned: true, loadTime: 0.5)
        ])
        let surface = try await Surface(runners)
        let one =
            #"{"capability":"chat","device":"cpu","engine":"fake 1","expires_at":400,"id":"tiny","last_used":100,"#
            + #""load_time":0.5,"memory_bytes":10,"peak_memory_bytes":20,"pinned":true,"process":7,"requests":1,"#
            + #""state":"busy","threads":2}"#
        #expect(try await surface.call(.get, base + "/models/loaded").body == #"{"data":[\#(one)],"object":"list"}"#)
        #expect(try await surface.call(.get, "/v1/stats").body == #"{"loaded":[\#(one)],"runners":[]}"#)
    }

    @Test(
        "are loaded by id or alias, with or without a body",
        arguments: [
            ("tiny", nil, nil), ("small", "{}", nil), ("owner/vectors", #"{"keep_alive": "5m"}"#, 300),
            ("owner%2Fvectors", #"{"keep_alive": 7, "other": 1}"#, 7),
        ] as [(String, String?, Int?)])
    func load(name: String, body: String?, seconds: Int?) async throws {
        let runners = FakeRunners()
        let reply = try await Surface(runners).call(.post, "/v1/models/\(name)/load", body: body)
        #expect(reply.status == 200)
        let id = name.hasPrefix("owner") ? "owner/vectors" : "tiny"
        #expect(try reply.json()["id"] as? String == id)
        #expect(runners.loading.told == [.load(id, seconds.map { .time(.seconds($0)) })])
    }

    @Test("leave by name, and it is told whether they were there")
    func unload() async throws {
        let runners = FakeRunners()
        let surface = try await Surface(runners)
        _ = try await surface.call(.post, "/v1/models/tiny/load")
        let path = "/v1/openai/models/small/unload"
        #expect(try await surface.call(.post, path).body == #"{"id":"tiny","was_loaded":true}"#)
        #expect(try await surface.call(.post, path, body: "{}").body == #"{"id":"tiny","was_loaded":false}"#)
    }

    @Test("that are not installed have the status of their dialect", arguments: ["load", "unload"])
    func unknown(action: String) async throws {
        #expect(try await Surface().call(.post, "/v1/models/none/\(action)").status == 404)
        #expect(try await Surface().call(.post, "/v1/openai/models/none/\(action)").status == 400)
    }

    @Test("Each path answers to its own methods")
    func methods() async throws {
        let surface = try await Surface()
        for (path, allowed) in [
            ("/v1/models/tiny/load", "POST"), ("/v1/models/owner/vectors/unload", "POST"),
            ("/v1/models/loaded", "GET, HEAD"), ("/v1/models/owner/vectors", "GET, HEAD"),
        ] {
            let reply = try await surface.call(.delete, path)
            #expect(reply.status == 405 && reply.headers[.allow] == allowed, "\(path)")
        }
        #expect(try await surface.call(.get, "/v1/models/tiny/load").status == 405)
        #expect(try await surface.call(.post, "/v1/models/tiny").status == 405)
        #expect(try await surface.call(.post, "/v1/models/loaded").status == 405)
    }

    @Test("A body that is not what it should be is refused", arguments: ["[]", "{", "null", #"{"keep_alive": "x"}"#])
    func wrongBody(body: String) async throws {
        #expect(try await Surface().call(.post, "/v1/models/tiny/load", body: body).status == 400)
    }

    // MARK: keep_alive

    @Test(
        "A request says how long its model is kept",
        arguments: [("10", 10.0), (#""5m""#, 300), (#""-1""#, nil), ("-1", nil), ("0", 0), ("0.5", 0.5)]
            as [(String, Double?)])
    func keepAlive(value: String, seconds: Double?) async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).complete(#""keep_alive": \#(value)"#)
        #expect(reply.status == 200)
        #expect(chat.kept == [seconds.map { .time(.milliseconds(Int($0 * 1_000))) } ?? .forever])
    }

    @Test("A request that says nothing of it changes nothing", arguments: ["", #""keep_alive": null"#])
    func saysNothing(fields: String) async throws {
        let chat = FakeChat([.end()])
        _ = try await Surface(chat).complete(fields)
        #expect(chat.kept.isEmpty)
    }

    @Test("A time that is none is named", arguments: [#""soon""#, "true", "[]", "{}", #""""#])
    func wrongTime(value: String) async throws {
        let chat = FakeChat([.end()])
        for base in ["/v1", "/v1/openai"] {
            let reply = try await Surface(chat).complete(#""keep_alive": \#(value)"#, base: base)
            #expect(reply.status == 400)
            #expect(try reply.error("param") == "keep_alive")
        }
        #expect(chat.received.isEmpty && chat.kept.isEmpty)
    }
}
