import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Brings a file over HTTP, by several connections where it is large and its server knows ranges, going on from the
/// bytes that an interrupted try has left.
struct Download: Sendable {
    /// How often a file may turn out to have changed before it is given up.
    private static let restartLimit = 3

    let url: String
    /// Sent to the host of `url` only.
    let authorization: String?
    /// What is read, for messages.
    let description: String
    let expected: FileFacts
    let settings: DownloadSettings

    /// - Throws: ``InstallError``, ``FileError``, or `CancellationError`.
    func run(
        into path: String, progress: @escaping @Sendable (FetchProgress) -> Void
    ) async throws -> FetchedFile {
        let file = try PartialFile(path, url: url, expected: expected, settings: settings, progress: progress)
        let began = await file.kept
        let result = try await fetch(file)
        guard began > 0, let digest = expected.sha256, digest != result.sha256 else { return result }
        // Bytes that came before the machine lost its power, say, may not be those that were counted.
        try await file.restart()
        return try await fetch(file)
    }

    private func fetch(_ file: PartialFile) async throws -> FetchedFile {
        if await !file.isComplete {
            try await HTTPTransport.with(settings) { transport in
                try await fetch(file, Errand(download: self, transport: transport, file: file))
            }
        }
        return try await file.fetched()
    }

    private func fetch(_ file: PartialFile, _ errand: Errand) async throws {
        var failures = RetryState(settings: settings)
        var restarts = 0
        var ends: [Int] = []
        while await !file.isComplete {
            let before = await file.bytes
            await file.disconnect()
            do {
                try await errand.run()
            } catch is PartialFile.Changed {
                restarts += 1
                guard restarts <= Self.restartLimit else {
                    throw InstallError.unreachable(
                        description, reason: "it changes while it is read, or its server says what is not so.")
                }
                try await file.restart()
            } catch {
                if case HTTPFailure.brokenOff = error {
                    // Where it ends at the same place each time, it is not the connection.
                    ends.append(await file.bytes)
                    if ends.count > 2, Set(ends.suffix(3)).count == 1 { throw await file.shortfall() }
                }
                try await failures.pause(
                    after: error, from: description, gained: await file.bytes - before
                ) { await file.tell(pause: $0) }
            }
        }
    }
}
