import Dispatch
import Synchronization

/// One evaluation, as the toy context saw it.
struct ToyStep: Sendable {
    struct Advanced: Sendable {
        /// The first token of the sequence: tests give every prompt one of its own where they tell them apart.
        var prompt: Int32
        /// Tokens evaluated in this step.
        var tokens: Int
        /// Tokens of the sequence after this step.
        var length: Int
    }

    var advanced: [Advanced]
    /// The cache had no room; nothing was evaluated.
    var wasFull: Bool

    func tokens(of prompt: [Int32]) -> Int {
        advanced.filter { $0.prompt == prompt.first }.map(\.tokens).reduce(0, +)
    }
}

/// What a test sees of a toy context, and its hold on it.
final class ToyProbe: Sendable {
    enum Order: Sendable {
        case compute
        case fail
        case giveNoScores
    }

    private struct State {
        var steps: [ToyStep] = []
        var violations: [String] = []
        var threads: [Int] = []
        var isHeld: Bool
        var next = Order.compute
    }

    private let state: Mutex<State>
    private let permits = DispatchSemaphore(value: 0)
    /// Every evaluation, as it begins; for one reader.
    let steps: AsyncStream<ToyStep>
    private let stepPost: AsyncStream<ToyStep>.Continuation
    /// Every change of the number of threads; for one reader.
    let threads: AsyncStream<Int>
    private let threadPost: AsyncStream<Int>.Continuation

    /// - Parameter isHeld: whether every evaluation waits for ``permit(_:)`` or ``release()``.
    init(isHeld: Bool = false) {
        state = Mutex(State(isHeld: isHeld))
        (steps, stepPost) = AsyncStream.makeStream()
        (threads, threadPost) = AsyncStream.makeStream()
    }

    var seen: [ToyStep] { state.withLock { $0.steps } }
    var violations: [String] { state.withLock { $0.violations } }

    /// Prompt and answer tokens evaluated so far.
    var evaluated: Int { seen.filter { !$0.wasFull }.flatMap(\.advanced).map(\.tokens).reduce(0, +) }

    /// Lets one held evaluation go on.
    func permit(_ order: Order = .compute) {
        state.withLock { $0.next = order }
        permits.signal()
    }

    /// Lets all go on from here.
    func release() {
        state.withLock { $0.isHeld = false }
        permits.signal()
    }

    // The context's side.

    func expect(_ condition: Bool, _ violation: String) {
        if !condition { state.withLock { $0.violations.append(violation) } }
    }

    func entered(_ step: ToyStep) -> Order {
        let isHeld = state.withLock { state in
            state.steps.append(step)
            return state.isHeld
        }
        stepPost.yield(step)
        if isHeld { permits.wait() }
        return state.withLock { state in
            defer { state.next = .compute }
            return state.next
        }
    }

    func setThreads(_ count: Int) {
        threadPost.yield(count)
    }
}
