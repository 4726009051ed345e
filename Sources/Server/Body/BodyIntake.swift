import Hummingbird
import NIOCore

/// Takes in a request's body within its limits of size and time, while it arrives.
struct BodyIntake: Sendable {
    /// In bytes.
    let limit: Int
    let timeout: Duration
    /// The settings that the limits come from, which errors name.
    let limitSetting: String
    let timeoutSetting: String

    /// - Throws: ``APIError`` where a body that is said to have so many bytes is too large.
    func check(length: Int) throws(APIError) {
        guard length <= limit else { throw .bodyTooLarge(limit: limit, setting: limitSetting) }
    }

    /// Hands each piece of the body on as it arrives.
    ///
    /// - Parameters:
    ///   - initial: what the pieces are added to.
    ///   - add: adds one; what it throws ends the reading.
    /// - Throws: ``APIError`` where the body is too large, too slow or cannot be read; else what `add` throws.
    func gather<Result: Sendable>(
        _ body: RequestBody, into initial: Result, _ add: @escaping @Sendable (inout Result, ByteBuffer) throws -> Void
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await read(body, into: initial, add) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw APIError.bodyTooSlow(limit: timeout, setting: timeoutSetting)
            }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    private func read<Result>(
        _ body: RequestBody, into initial: Result, _ add: (inout Result, ByteBuffer) throws -> Void
    ) async throws -> Result {
        var result = initial
        var count = 0
        var pieces = body.makeAsyncIterator()
        while let piece = try await next(&pieces) {
            count += piece.readableBytes
            try check(length: count)
            try add(&result, piece)
        }
        return result
    }

    private func next(_ pieces: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch let error as CancellationError {
            throw error
        } catch {
            // The transport's errors: the client broke off, or its framing is not HTTP's.
            throw APIError.bodyUnreadable
        }
    }
}
