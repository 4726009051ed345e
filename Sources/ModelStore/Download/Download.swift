import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Brings a file over HTTP, going on from the bytes that an interrupted try has left.
struct Download: Sendable {
    let url: String
    /// Sent to the host of `url` only.
    let authorization: String?
    /// What is read, for messages.
    let description: String
    let expected: FileFacts
    let settings: DownloadSettings

    /// - Throws: ``InstallError``, ``FileError``, or `CancellationError`.
    func run(into path: String, progress: @escaping @Sendable (Int) -> Void) async throws -> FetchedFile {
        var file = try PartialFile(path, url: url, expected: expected)
        if file.isComplete { return file.fetched }
        try await HTTPTransport.with(settings) { transport in
            var failures = RetryState(settings: settings)
            while true {
                let before = file.bytes
                do {
                    try await attempt(transport, file: &file, progress: progress)
                    return
                } catch {
                    try await failures.pause(after: error, from: description, gained: file.bytes - before)
                }
            }
        }
        return file.fetched
    }

    private func attempt(
        _ transport: HTTPTransport, file: inout PartialFile, progress: @Sendable (Int) -> Void
    ) async throws {
        let answer = try await transport.get(url, authorization: authorization, headers: file.resumption)
        if answer.status == .rangeNotSatisfiable {
            // What is here is not a beginning of what the server has now.
            try file.restart()
            throw HTTPFailure.transient(status: answer.status.code, retryAfter: .zero)
        }
        try HTTPFailure.check(answer.status, headers: answer.headers)
        try file.begin(answer.status, headers: answer.headers)
        progress(file.bytes)
        for try await buffer in answer.body {
            try buffer.withUnsafeReadableBytes { bytes in try file.append(bytes) }
            progress(file.bytes)
        }
        try file.checkEnd()
    }
}
