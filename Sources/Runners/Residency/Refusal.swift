import Inference

/// Why a model was not taken into memory, with the figures.
package enum Refusal: Sendable, Equatable {
    /// In bytes.
    package struct Figures: Sendable, Equatable {
        package var needed: Int
        /// `nil` where memory is not what was missing.
        package var budget: Int?
        /// Held by models that never go for others.
        package var pinned: Int
        /// Held by models that were answering.
        package var busy: Int

        package init(needed: Int, budget: Int?, pinned: Int, busy: Int) {
            self.needed = needed
            self.budget = budget
            self.pinned = pinned
            self.busy = busy
        }
    }

    /// Not even if all others went.
    case tooLarge(Figures, canComeLater: Bool)
    /// Pinned models are as many as there may be.
    case noPlace(count: Int)
    /// Others were at work all the time.
    case waitedTooLong(Figures, wait: Duration)

    /// What those who waited are told.
    package var error: InferenceError {
        switch self {
        case .tooLarge(let figures, let canComeLater):
            var message =
                "The model does not fit in memory: it needs about \(figures.needed.mebibytes), and the budget is "
                + (figures.budget ?? 0).mebibytes
            if figures.pinned > 0 { message += ", of which pinned models hold \(figures.pinned.mebibytes)" }
            message +=
                canComeLater
                ? ". Other programs have the rest of the machine's memory: end some, or name a smaller model."
                : ". Name a smaller model, or raise the setting `models.memory-budget`."
            return InferenceError(
                .unavailable, message, parameter: "model", retryAfterSeconds: canComeLater ? 30 : nil)
        case .noPlace(let count):
            return InferenceError(
                .unavailable,
                "No more than \(count) models may be loaded, and pinned ones take all the places. Raise the setting "
                    + "`models.maximum-loaded`, or take a model out of `models.pinned`.",
                parameter: "model")
        case .waitedTooLong(let figures, let wait):
            var message = "There was no room for the model within \(wait.components.seconds) seconds: "
            if let budget = figures.budget {
                message +=
                    "it needs about \(figures.needed.mebibytes), the budget is \(budget.mebibytes), and models that "
                    + "are answering hold \(figures.busy.mebibytes)"
                if figures.pinned > 0 { message += ", pinned ones \(figures.pinned.mebibytes)" }
            } else {
                message += "as many models as may be loaded were answering"
            }
            return InferenceError(
                .unavailable, message + ". Try again later.", parameter: "model", retryAfterSeconds: 5)
        }
    }
}

extension Int {
    /// Bytes as the settings have them, rounded up.
    fileprivate var mebibytes: String { "\((self + (1 << 20) - 1) >> 20) MiB" }
}
