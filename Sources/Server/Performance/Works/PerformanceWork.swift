import Performance

/// A fixed piece of work for models of one capability. Docs/performance.md describes each, so that it can be done from
/// outside.
protocol PerformanceWork: Sendable {
    /// What was measured, as a sentence.
    var result: String { get }

    /// The work of one trial, in words.
    func description(_ size: WorkSize) -> String

    /// Does the work once.
    ///
    /// - Returns: the size that the model can do.
    /// - Throws: ``Inference/InferenceError`` of kind `contextLengthExceeded` where the texts are too long for the model.
    func warmUp(_ size: WorkSize) async throws -> WorkSize

    /// Does the work once.
    ///
    /// - Parameter trial: 1 and up; texts differ by it, so that none is answered from a cache.
    func perform(_ trial: Int, size: WorkSize) async throws -> WorkResult
}

extension PerformanceWork {
    func warmUp(_ size: WorkSize) async throws -> WorkSize {
        _ = try await perform(0, size: size)
        return size
    }
}

/// How much there is to do, where that depends on the model.
struct WorkSize: Sendable, Equatable {
    /// Words of a chat's prompt; of a text to be embedded a quarter.
    var words = WorkText.words.count
    /// Whether the model embeds pictures as well as texts.
    var hasPictures = false
}

/// What one trial took.
struct WorkResult: Sendable, Equatable {
    var seconds: Double
    var metrics: [PerformanceMetric: Double]
}
