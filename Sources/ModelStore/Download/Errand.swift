import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The connections that fetch what is missing of one file.
struct Errand: Sendable {
    let download: Download
    let transport: HTTPTransport
    let file: PartialFile

    private typealias Opened = (answer: HTTPClientResponse, piece: Int)

    /// Asks with one connection. Where its answer shows that there is work for more, they join.
    ///
    /// - Throws: ``InstallError``, ``FileError``, ``HTTPFailure``, ``PartialFile/Changed``, or an error of the client's.
    func run() async throws {
        guard let piece = await file.take(joining: true) else { return }
        let opened = try await open(piece, alone: true)
        guard await file.isShared, opened.answer.status == .partialContent else {
            try await receive(opened)
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work(opened.piece, opened: opened) }
            for _ in 1..<max(1, download.settings.connections) {
                guard let piece = await file.take(joining: true) else { break }
                group.addTask { try await work(piece, opened: nil) }
            }
            try await group.waitForAll()
        }
    }

    /// Fetches one piece after another, until none is left or the source does not bear so many connections.
    private func work(_ first: Int, opened: Opened?) async throws {
        var failures = RetryState(settings: download.settings)
        var opened = opened
        var piece = first
        while true {
            let before = await file.here(of: piece)
            do {
                if let answer = opened {
                    opened = nil
                    try await receive(answer)
                } else {
                    try await receive(try await open(piece, alone: false))
                }
                await file.release(piece)
            } catch let error as PartialFile.Changed {
                throw error
            } catch {
                let gained = await file.here(of: piece) - before
                if isCrowded(error), await file.leave(piece) { return }
                do {
                    try await failures.pause(
                        after: error, from: download.description, gained: gained
                    ) { await file.tell(pause: $0) }
                } catch let failure as InstallError {
                    if case .unreachable = failure, await file.leave(piece) { return }
                    throw failure
                }
                continue
            }
            guard let next = await file.take() else { return }
            piece = next
        }
    }

    /// Whether a server says that it is asked too much.
    private func isCrowded(_ error: any Error) -> Bool {
        if case HTTPFailure.transient(429, _) = error { return true }
        if case HTTPFailure.transient(503, _) = error { return true }
        return false
    }

    private func open(_ piece: Int, alone: Bool) async throws -> Opened {
        let headers = await file.headers(for: piece)
        let answer = try await transport.get(download.url, authorization: download.authorization, headers: headers)
        // What is here is not a beginning of what the server has now.
        if answer.status == .rangeNotSatisfiable { throw PartialFile.Changed() }
        try HTTPFailure.check(answer.status, headers: answer.headers)
        return (answer, try await file.begin(piece, answer.status, headers: answer.headers, alone: alone))
    }

    private func receive(_ opened: Opened) async throws {
        let before = await file.here(of: opened.piece)
        for try await buffer in opened.answer.body {
            guard try await file.append(buffer, to: opened.piece) else { break }
        }
        await file.end()
        guard await !file.isWhole(opened.piece) else { return }
        // A server may give less than it is asked for, as long as it says so.
        let received = await file.here(of: opened.piece) - before
        let announced = opened.answer.headers.first(name: "content-length").flatMap { Int($0) }
        if received == 0 || received < announced ?? 0 { throw HTTPFailure.brokenOff }
    }
}
