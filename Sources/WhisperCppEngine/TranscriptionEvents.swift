import Inference

/// The events of one file: it is worked on when the next one is asked for.
public struct TranscriptionEvents: AsyncSequence, Sendable {
    public typealias Element = TranscriptionEvent
    public typealias Failure = any Error

    let run: TranscriptionRun
    let place: RequestLine.Place

    public func makeAsyncIterator() -> Iterator { Iterator(run: run, place: place) }

    public struct Iterator: AsyncIteratorProtocol {
        private var run: TranscriptionRun
        private let place: RequestLine.Place
        /// Of the last window, newest first.
        private var ready: [TranscriptionEvent] = []
        private var hasTurn = false

        fileprivate init(run: TranscriptionRun, place: RequestLine.Place) {
            self.run = run
            self.place = place
        }

        /// - Throws: ``Inference/InferenceError``, `CancellationError`.
        public mutating func next() async throws -> TranscriptionEvent? {
            do {
                if !hasTurn {
                    try await place.wait()
                    hasTurn = true
                }
                while ready.isEmpty {
                    guard let events = try await run.next() else {
                        place.leave(.completed)
                        return nil
                    }
                    if !run.hasEnded { try place.countStep() }
                    ready = events.reversed()
                }
            } catch {
                place.leave(error is CancellationError ? .cancelled : .failed)
                throw error
            }
            return ready.popLast()
        }
    }
}
