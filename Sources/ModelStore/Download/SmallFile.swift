import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// A file at an `http` or `https` address that is read into memory: a list, a description, a catalogue.
struct SmallFile: Sendable {
    let url: String
    /// Sent to the host of `url` only.
    var authorization: String?
    let settings: DownloadSettings
    /// What is read, for messages.
    let description: String

    /// - Parameter limit: bytes that it may have.
    /// - Throws: ``InstallError``, or `CancellationError`.
    func read(limit: Int) async throws -> [UInt8] {
        try await answer(limit: limit).body
    }

    /// What the file holds, and the headers that came with it.
    func answer(limit: Int) async throws -> (headers: HTTPHeaders, body: [UInt8]) {
        try await HTTPTransport.with(settings) { transport in
            var failures = RetryState(settings: settings)
            while true {
                do {
                    let answer = try await transport.get(url, authorization: authorization, headers: [:])
                    try HTTPFailure.check(answer.status, headers: answer.headers)
                    let body = try await answer.body.collect(upTo: limit)
                    let length = answer.headers.first(name: "content-length").flatMap { Int($0) }
                    if let length, body.readableBytes < length { throw HTTPFailure.brokenOff }
                    return (answer.headers, Array(body.readableBytesView))
                } catch is NIOTooManyBytesError {
                    throw InstallError.invalidSource(description, reason: "it has more than \(limit) bytes.")
                } catch {
                    try await failures.pause(after: error, from: description)
                }
            }
        }
    }
}
