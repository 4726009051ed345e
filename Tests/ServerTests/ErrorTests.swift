import HTTPTypes
import Inference
import Server
import Testing

@Suite("Errors")
struct ErrorTests {
    static let trace = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"

    @Test("are one object in OpenAI's dialect")
    func openAIDialect() async throws {
        let reply = try await Surface().complete(#""temperature": 3"#)
        #expect(
            reply.body == """
                {"error":{"code":"out_of_range","message":"temperature: expected a number from 0 to 2, found 3",\
                "param":"temperature","type":"invalid_request_error"}}
                """)
    }

    @Test("have all three shapes in the contract's dialect")
    func contractDialect() async throws {
        let reply = try await Surface().complete(
            #""temperature": 3"#, base: "/v1/openai", traceparent: Self.trace)
        #expect(
            reply.body == """
                {"code":"out_of_range",\
                "error":{"code":"out_of_range","message":"temperature: expected a number from 0 to 2, found 3",\
                "param":"temperature","type":"invalid_request_error"},\
                "message":"temperature: expected a number from 0 to 2, found 3","param":"temperature","status":400,\
                "title":"One or more fields are not valid","traceId":"\(Self.trace)","type":"invalid_request_error"}
                """)
        #expect(reply.headers[try #require(HTTPField.Name("x-request-id"))] == Self.trace)
    }

    @Test(
        "about an unknown model have the status of their dialect",
        arguments: [("/v1", 404), ("/v1/openai", 400)])
    func unknownModel(base: String, status: Int) async throws {
        let reply = try await Surface().call(
            .post, base + "/chat/completions",
            body: #"{"model": "none", "messages": [{"role": "user", "content": "a"}]}"#)
        #expect(reply.status == status)
        #expect(try reply.error("code") == "model_not_found")
        #expect(try reply.error("param") == "model")
    }

    @Test(
        "of the rooms below have their status",
        arguments: [
            (InferenceError.Kind.invalidRequest, 400), (.contextLengthExceeded, 400), (.overloaded, 429),
            (.unavailable, 503), (.unsupported, 501), (.internal, 500),
        ])
    func domainErrors(kind: InferenceError.Kind, status: Int) async throws {
        let chat = FakeChat(refusing: InferenceError(kind, "Why.", parameter: "messages", retryAfterSeconds: 7))
        for stream in [true, false] {
            let reply = try await Surface(chat).complete("\"stream\": \(stream)")
            #expect(reply.status == status)
            #expect(reply.headers[.retryAfter] == "7")
            #expect(reply.headers[.contentType] == "application/json")
            #expect(try reply.error("message") == "Why.")
        }
    }

    @Test("that callers cannot understand tell them nothing of the inside")
    func unexpected() async throws {
        struct Secret: Error { let path = "/home/someone" }
        let reply = try await Surface(FakeChat { _ in throw Secret() }).complete()
        #expect(reply.status == 500)
        #expect(!reply.body.contains("home"))
    }

    @Test("say that a path does not exist")
    func notFound() async throws {
        let reply = try await Surface().call(.get, "/v1/nothing")
        #expect(reply.status == 404)
        #expect(try reply.error("code") == "not_found")
    }

    @Test("say which methods a path has")
    func methodNotAllowed() async throws {
        let reply = try await Surface().call(.get, "/v1/chat/completions")
        #expect(reply.status == 405)
        #expect(reply.headers[.allow] == "POST")
        #expect(try await Surface().call(.delete, "/v1/openai/models").headers[.allow] == "GET, HEAD")
    }

    @Test("refuse a content type that is not JSON")
    func contentType() async throws {
        let reply = try await Surface().call(
            .post, "/v1/chat/completions", body: "{}", headers: [.contentType: "text/plain"])
        #expect(reply.status == 415)
    }

    @Test("refuse a body over the limit by what arrives, and say the limit")
    func tooLarge() async throws {
        let surface = try await Surface(flags: ["server.body-limit": .number(1_024)])
        let body = String(repeating: " ", count: 1_025)
        let reply = try await surface.call(
            .post, "/v1/chat/completions", body: body, headers: [.contentLength: "10"])
        #expect(reply.status == 413)
        #expect(try reply.error("message")?.contains("1024") == true)
        #expect(reply.headers[.connection] == "close")
    }

    @Test("refuse a body over the limit by its length alone")
    func announcedTooLarge() async throws {
        let surface = try await Surface(flags: ["server.body-limit": .number(1_024)])
        let reply = try await surface.call(
            .post, "/v1/chat/completions", body: "{}", headers: [.contentLength: "1025"])
        #expect(reply.status == 413)
    }

    @Test(
        "take a fresh trace where the caller's is not valid",
        arguments: [
            "", "00-00000000000000000000000000000000-0123456789abcdef-01", "00-0123-0123456789abcdef-01",
            "ff-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
            "00-0123456789ABCDEF0123456789ABCDEF-0123456789abcdef-01",
        ])
    func invalidTrace(_ sent: String) {
        let trace = TraceContext(accepting: sent)
        #expect(trace.traceparent != sent)
        #expect(TraceContext(accepting: trace.traceparent) == trace)
    }
}
