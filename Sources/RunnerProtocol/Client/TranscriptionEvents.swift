import AsyncHTTPClient
import Inference
import NIOCore
import SystemSupport

/// The events of one transcription as they come from its runner.
///
/// A connection that ends before `.finished` came is an ``InferenceError`` of kind `unavailable`.
public struct TranscriptionEvents: AsyncSequence, Sendable {
    public typealias Element = TranscriptionEvent
    public typealias Failure = any Error

    private let source: @Sendable () -> AsyncIterator

    init(body: HTTPClientResponse.Body) {
        source = { AsyncIterator(over: body) }
    }

    /// Events that come from another sequence, for engines in the same process.
    public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == TranscriptionEvent {
        source = {
            var iterator = base.makeAsyncIterator()
            return AsyncIterator { try await iterator.next() }
        }
    }

    private init(source: @escaping @Sendable () -> AsyncIterator) {
        self.source = source
    }

    public func makeAsyncIterator() -> AsyncIterator { source() }

    /// The same events; `object` lives until the last of them was read or the reading given up.
    public func keeping(_ object: some AnyObject & Sendable) -> TranscriptionEvents {
        // The iterator takes it over: the sequence itself may live on after its events were read.
        let held = Locked(Optional(object))
        return TranscriptionEvents(source: { [source] in
            var (iterator, kept) = (source(), held.withLock { $0.take() })
            return AsyncIterator {
                do {
                    let event = try await iterator.next()
                    if case .finished? = event { kept = nil }
                    withExtendedLifetime(kept) {}
                    return event
                } catch {
                    kept = nil
                    throw error
                }
            }
        })
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let read: () async throws -> TranscriptionEvent?

        init(read: @escaping () async throws -> TranscriptionEvent?) {
            self.read = read
        }

        public mutating func next() async throws -> TranscriptionEvent? {
            try await read()
        }
    }
}

extension TranscriptionEvents.AsyncIterator {
    init(over body: HTTPClientResponse.Body) {
        var chunks = body.makeAsyncIterator()
        var rest = ByteBuffer()
        var isFinished = false
        self.init {
            guard !isFinished else { return nil }
            while true {
                if let line = rest.readLine() {
                    let event = try TranscriptionLine(line).event()
                    if case .finished = event { isFinished = true }
                    return event
                }
                guard var chunk = try await Self.next(&chunks) else { throw RunnerConnection.lost }
                rest.discardReadBytes()
                rest.writeBuffer(&chunk)
            }
        }
    }

    private static func next(_ chunks: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await chunks.next()
        } catch let error as CancellationError {
            throw error
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw RunnerConnection.lost
        }
    }
}

extension ByteBuffer {
    /// The bytes up to the next line break, which is passed over; `nil` where there is none.
    fileprivate mutating func readLine() -> ByteBuffer? {
        guard let end = readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
            let line = readSlice(length: end - readerIndex)
        else { return nil }
        moveReaderIndex(forwardBy: 1)
        return line
    }
}
