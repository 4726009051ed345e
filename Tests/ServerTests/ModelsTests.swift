import HTTPTypes
import Server
import Testing

@Suite("Models")
struct ModelsTests {
    static let tiny = #"{"capability":"chat","created":1700000000,"id":"tiny","object":"model","owned_by":"someone"}"#
    static let vectors =
        #"{"capability":"embeddings","created":1700000001,"id":"owner/vectors","object":"model","owned_by":"owner"}"#
    static let enlarger =
        #"{"capability":"image-variation","created":1700000002,"id":"enlarger","object":"model","owned_by":"someone"}"#

    static let listener =
        #"{"capability":"transcription","created":1700000003,"id":"listener","object":"model","owned_by":"someone"}"#

    @Test("are listed on both bases", arguments: ["/v1/models", "/v1/openai/models"])
    func list(path: String) async throws {
        let reply = try await Surface().call(.get, path)
        #expect(reply.status == 200)
        let models = [Self.tiny, Self.vectors, Self.enlarger, Self.listener].joined(separator: ",")
        #expect(reply.body == #"{"data":[\#(models)],"object":"list"}"#)
    }

    @Test("are found by id and alias", arguments: ["tiny", "small"])
    func retrieve(name: String) async throws {
        #expect(try await Surface().call(.get, "/v1/models/" + name).body == Self.tiny)
    }

    @Test("are found by ids with a slash, encoded or not", arguments: ["owner/vectors", "owner%2Fvectors"])
    func slash(name: String) async throws {
        #expect(try await Surface().call(.get, "/v1/openai/models/" + name).body == Self.vectors)
    }

    @Test("that are not installed have the status of their dialect")
    func unknown() async throws {
        #expect(try await Surface().call(.get, "/v1/models/none").status == 404)
        #expect(try await Surface().call(.get, "/v1/openai/models/none").status == 400)
    }

    @Test("Health tells the version")
    func health() async throws {
        let reply = try await Surface().call(.get, "/health")
        #expect(reply.body == #"{"status":"ok","version":"\#(Dpais.version)"}"#)
    }
}
