import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Inference
import Logging
import NIOCore
import NIOEmbedded
import Server
import Synchronization
import TestSupport
import Testing

/// The whole HTTP surface in memory: requests go through the router, no socket is open.
struct Surface {
    struct Reply {
        let status: Int
        let headers: HTTPFields
        let body: String

        func json() throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        }

        /// The field of the error object that OpenAI's clients read.
        func error(_ field: String) throws -> String? {
            (try json()["error"] as? [String: Any])?[field] as? String
        }
    }

    private let responder: RouterResponder<APIContext>
    /// Where files of requests are kept.
    let uploads: TemporaryUploads

    init(
        _ chat: FakeChat = FakeChat([.end()]), flags: [String: SettingFlag] = [:], sees: Bool = false
    ) async throws {
        try await self.init(FakeRunners(chat: chat), flags: flags, sees: sees)
    }

    init(_ runners: FakeRunners, flags: [String: SettingFlag] = [:], sees: Bool = false) async throws {
        let settings = try await Settings.load(flags: flags)
        uploads = try TemporaryUploads()
        responder = makeRouter(
            settings: settings, models: try FakeModels(sees: sees), service: runners, uploads: uploads.folder
        ).buildResponder()
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, body: String? = nil, host: String? = "localhost:8553",
        headers: HTTPFields = [:]
    ) async throws -> Reply {
        var headers = headers
        if let body {
            headers[.contentLength] = headers[.contentLength] ?? String(body.utf8.count)
            headers[.contentType] = headers[.contentType] ?? "application/json"
        }
        return try await call(
            method, path, body: RequestBody(buffer: ByteBuffer(string: body ?? "")), host: host, headers: headers)
    }

    /// Sends a body that is not text, or comes in pieces.
    func call(
        _ method: HTTPRequest.Method, _ path: String, body: RequestBody, host: String? = "localhost:8553",
        headers: HTTPFields
    ) async throws -> Reply {
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: headers),
            body: body)
        let source = ApplicationRequestContextSource(
            channel: NIOAsyncTestingChannel(), logger: .silent)
        let response = try await responder.respond(to: request, context: APIContext(source: source))
        let sink = BodySink()
        try await response.body.write(sink)
        return Reply(status: response.status.code, headers: response.headers, body: sink.text)
    }

    /// Asks for a completion of these messages, an array of JSON.
    func complete(messages: String, base: String = "/v1") async throws -> Reply {
        try await call(
            .post, base + "/chat/completions", body: #"{"model": "tiny", "messages": \#(messages)}"#)
    }

    /// Asks for a completion; the fields come beside a model and a message.
    func complete(_ fields: String = "", base: String = "/v1", traceparent: String? = nil) async throws -> Reply {
        let more = fields.isEmpty ? "" : ", " + fields
        var headers: HTTPFields = [:]
        if let traceparent, let name = HTTPField.Name("traceparent") { headers[name] = traceparent }
        return try await call(
            .post, base + "/chat/completions",
            body: #"{"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]\#(more)}"#, headers: headers)
    }
}

/// Gathers what a reply writes.
private final class BodySink: ResponseBodyWriter, Sendable {
    private let written = Mutex(ByteBuffer())

    var text: String { written.withLock { String(buffer: $0) } }

    func write(_ buffer: ByteBuffer) async throws {
        written.withLock { _ = $0.writeImmutableBuffer(buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
