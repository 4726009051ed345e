import AsyncHTTPClient
import Background
import Inference
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A running server seen from the command line.
struct APIClient: Sendable {
    /// Where the API is, such as `http://127.0.0.1:8553`.
    let base: String
    private let httpClient: HTTPClient

    struct Health: Decodable {
        var status: String
        var version: String
    }

    struct NotRunning: Error, CustomStringConvertible {
        var base: String

        var description: String {
            "No dpais server answers at \(base). Start one with `dpais start`, or with `dpais serve` in a terminal of its own."
        }
    }

    /// Runs `body` with a client of the server that the settings name. Where none names a place, it is the one of this
    /// home, wherever that listens.
    static func connected<Result>(to settings: Settings, _ body: (APIClient) async throws -> Result) async throws
        -> Result
    {
        let isNamed = settings.explain().contains {
            ["server.host", "server.port"].contains($0.key) && $0.source != .default
        }
        let own = isNamed ? nil : Surroundings().recordFile.holder()?.record?.address
        return try await connected(toBase: own ?? base(host: settings.host, port: settings.port), body)
    }

    /// - Parameter base: such as `http://127.0.0.1:8553`.
    static func connected<Result>(toBase base: String, _ body: (APIClient) async throws -> Result) async throws
        -> Result
    {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        // Where nobody listens nobody will in a moment.
        configuration.connectionPool.retryConnectionEstablishment = false
        let httpClient = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let client = APIClient(base: base, httpClient: httpClient)
        do {
            let result = try await body(client)
            try await httpClient.shutdown()
            return result
        } catch {
            try? await httpClient.shutdown()
            throw error
        }
    }

    /// Where a server that listens there is asked.
    static func base(host: String, port: Int) -> String {
        let host = ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Sends a request and takes the whole reply.
    ///
    /// - Throws: ``NotRunning`` where nobody answers.
    func reply(_ method: HTTPMethod, _ path: String, body: ByteBuffer? = nil, limit: Int = 1 << 24) async throws
        -> (status: HTTPResponseStatus, body: Data)
    {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        do {
            let response = try await httpClient.execute(request, deadline: .distantFuture)
            return (response.status, Data(try await response.body.collect(upTo: limit).readableBytesView))
        } catch let error as HTTPClientError {
            throw error == .connectTimeout ? NotRunning(base: base) : error
        } catch {
            throw NotRunning(base: base)
        }
    }

    /// - Throws: ``NotRunning`` where nothing, or something else, listens there.
    func health() async throws -> Health {
        do {
            let response = try await httpClient.execute(HTTPClientRequest(url: base + "/health"), timeout: .seconds(5))
            return try JSONDecoder().decode(
                Health.self, from: Data(try await response.body.collect(upTo: 1 << 16).readableBytesView))
        } catch {
            throw NotRunning(base: base)
        }
    }

    /// The text of an answer, piece by piece as it comes.
    func answer(_ messages: [ChatMessage], model: String, show: (String) async -> Void) async throws {
        var request = HTTPClientRequest(url: base + "/v1/chat/completions")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(Body(model: model, messages: messages))))
        let response = try await httpClient.execute(request, deadline: .distantFuture)
        guard response.status == .ok else {
            throw try Self.error(in: Data(try await response.body.collect(upTo: 1 << 20).readableBytesView))
        }
        var buffer = ByteBuffer()
        for try await var chunk in response.body {
            buffer.writeBuffer(&chunk)
            while let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
                let line = buffer.readSlice(length: end - buffer.readerIndex)
            {
                buffer.moveReaderIndex(forwardBy: 1)
                guard let data = String(buffer: line).dropping(prefix: "data: "), data != "[DONE]" else { continue }
                let event = Data(data.utf8)
                guard let text = try? JSONDecoder().decode(Chunk.self, from: event) else {
                    throw try Self.error(in: event)
                }
                if let piece = text.choices.first?.delta.content, !piece.isEmpty { await show(piece) }
            }
        }
    }

    static func error(in body: Data) throws -> InferenceError {
        let fault = try? JSONDecoder().decode(Fault.self, from: body)
        return InferenceError(.internal, fault?.error.message ?? "The server's reply was not understood.")
    }

    private struct Body: Encodable {
        struct Message: Encodable {
            var role: String
            var content: String
        }

        var model: String
        var messages: [Message]
        var stream = true

        init(model: String, messages: [ChatMessage]) {
            self.model = model
            self.messages = messages.map { Message(role: $0.role.rawValue, content: $0.content) }
        }
    }

    private struct Chunk: Decodable {
        struct Choice: Decodable {
            struct Delta: Decodable {
                var content: String?
            }

            var delta: Delta
        }

        var choices: [Choice]
    }

    private struct Fault: Decodable {
        struct Body: Decodable {
            var message: String
        }

        var error: Body
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
