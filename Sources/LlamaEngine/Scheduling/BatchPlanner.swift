/// Decides how many tokens of each sequence go into the next batch.
///
/// Every running answer gets its one token in every step. What room is left goes to prompts, dealt evenly, so that a
/// short prompt does not wait for a long one to be read; and while answers run, prompts together get no more than the
/// pace allows, so that no answer stalls.
struct BatchPlanner {
    /// How long reading prompts may stretch a step in which answers run.
    private static let stretch = Duration.milliseconds(60)
    private static let smallestChunk = 16

    let batchCapacity: Int
    let outputCapacity: Int
    /// Seconds that reading one prompt token takes, as measured; `nil` before the first measurement.
    private(set) var secondsPerPromptToken: Double?

    init(batchCapacity: Int, outputCapacity: Int) {
        self.batchCapacity = batchCapacity
        self.outputCapacity = outputCapacity
    }

    /// - Parameter missing: for each sequence to be advanced, how many tokens it lacks; 1 is an answer that runs.
    /// - Returns: how many tokens each gets; the sum is at most the batch's capacity.
    func plan(missing: [Int]) -> [Int] {
        var granted = [Int](repeating: 0, count: missing.count)
        var room = batchCapacity
        var outputs = outputCapacity
        for index in missing.indices where missing[index] == 1 && room > 0 && outputs > 0 {
            granted[index] = 1
            room -= 1
            outputs -= 1
        }
        let answersRun = room < batchCapacity
        if answersRun { room = min(room, promptTokensBesideAnswers) }

        // Even shares; what a short prompt leaves goes to the others.
        var hungry = missing.indices.filter { missing[$0] > 1 }
        hungry.sort { missing[$0] < missing[$1] }
        for (served, index) in hungry.enumerated() {
            var share = min(missing[index], room / (hungry.count - served))
            if share == missing[index], outputs == 0 { share -= 1 }
            if share == missing[index] { outputs -= 1 }
            granted[index] = share
            room -= share
        }
        return granted
    }

    private var promptTokensBesideAnswers: Int {
        guard let secondsPerPromptToken, secondsPerPromptToken > 0 else { return Self.smallestChunk * 4 }
        let seconds = Double(Self.stretch.components.attoseconds) * 1e-18
        return max(Self.smallestChunk, Int(min(seconds / secondsPerPromptToken, Double(batchCapacity))))
    }

    /// Learns from a step how fast prompts are read. Steps without prompts teach nothing.
    mutating func record(promptTokens: Int, elapsed: Duration) {
        guard promptTokens >= Self.smallestChunk else { return }
        let parts = elapsed.components
        let measured = (Double(parts.seconds) + Double(parts.attoseconds) * 1e-18) / Double(promptTokens)
        secondsPerPromptToken = secondsPerPromptToken.map { 0.7 * $0 + 0.3 * measured } ?? measured
    }
}
