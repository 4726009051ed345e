import AsyncHTTPClient
import Inference
import NIOCore
import SystemSupport

/// The events of one generation as they come from its runner: each element is all that had arrived.
///
/// A connection that ends before `.completed` came is an ``InferenceError`` of kind `unavailable`.
public struct GenerationEvents: AsyncSequence, Sendable {
    public typealias Element = [GenerationEvent]
    public typealias Failure = any Error

    private let source: @Sendable () -> AsyncIterator

    init(body: HTTPClientResponse.Body) {
        self.source = { AsyncIterator(over: body) }
    }

    /// Events that are at hand already or come from another sequence, for engines in the same process.
    public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == [GenerationEvent] {
        self.source = {
            var iterator = base.makeAsyncIterator()
            return AsyncIterator { try await iterator.next() }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { source() }

    /// The same events; `object` lives until the last of them was read or the reading given up.
    public func keeping(_ object: some AnyObject & Sendable) -> GenerationEvents {
        // The iterator takes it over: the sequence itself may live on after its events were read.
        let held = Locked(Optional(object))
        return GenerationEvents(source: { [source] in
            var (iterator, kept) = (source(), held.withLock { $0.take() })
            return AsyncIterator {
                do {
                    let events = try await iterator.next()
                    if case .completed? = events?.last { kept = nil }
                    withExtendedLifetime(kept) {}
                    return events
                } catch {
                    kept = nil
                    throw error
                }
            }
        })
    }

    private init(source: @escaping @Sendable () -> AsyncIterator) {
        self.source = source
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let read: () async throws -> [GenerationEvent]?

        init(read: @escaping () async throws -> [GenerationEvent]?) {
            self.read = read
        }

        public mutating func next() async throws -> [GenerationEvent]? {
            try await read()
        }
    }
}

extension GenerationEvents.AsyncIterator {
    init(over body: HTTPClientResponse.Body) {
        var chunks = body.makeAsyncIterator()
        var lines = EventLineDecoder()
        var finished = false
        self.init {
            while !finished {
                if let failure = lines.failure { throw failure }
                let chunk: ByteBuffer?
                do {
                    chunk = try await chunks.next()
                } catch let error as CancellationError {
                    throw error
                } catch {
                    if Task.isCancelled { throw CancellationError() }
                    throw RunnerConnection.lost
                }
                guard var chunk else { throw RunnerConnection.lost }
                let events = lines.decode(&chunk)
                if case .completed? = events.last { finished = true }
                if !events.isEmpty { return events }
            }
            return nil
        }
    }
}
