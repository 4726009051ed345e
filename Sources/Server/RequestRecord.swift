import Inference
import SystemSupport

/// What is learnt of a request while it is served, for its line in the log. Never a word of a prompt.
final class RequestRecord: Sendable {
    struct Contents {
        var model: String?
        var usage: TokenUsage?
        /// Of a sound that was written down.
        var soundSeconds: Double?
        /// The code of the error that ended the reply.
        var errorCode: String?
    }

    private let state = Locked(Contents())

    var contents: Contents { state.withLock { $0 } }

    func note(_ change: (inout Contents) -> Void) {
        state.withLock { change(&$0) }
    }
}
