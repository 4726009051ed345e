import Inference

/// The events of one request. Dropping the sequence and its iterator cancels the generation.
public struct Generation: AsyncSequence, Sendable {
    public typealias Element = [GenerationEvent]

    private let subscription: Subscription
    private let answers: ParsedAnswers?

    /// - Parameter answers: what takes the answers' texts apart; `nil` leaves them as they are.
    package init(_ mailbox: GenerationMailbox, parsing answers: ParsedAnswers? = nil) {
        subscription = Subscription(mailbox)
        self.answers = answers
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(subscription: subscription, answers: answers)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let subscription: Subscription
        fileprivate var answers: ParsedAnswers?

        public mutating func next() async throws -> [GenerationEvent]? {
            while let events = try await subscription.mailbox.next() {
                guard answers != nil else { return events }
                // Text may be held back until the parser knows what it is.
                if let parsed = answers?.parse(events), !parsed.isEmpty { return parsed }
            }
            return nil
        }
    }

    fileprivate final class Subscription: Sendable {
        let mailbox: GenerationMailbox

        init(_ mailbox: GenerationMailbox) {
            self.mailbox = mailbox
        }

        deinit { mailbox.cancel() }
    }
}
