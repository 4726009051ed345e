/// Deals the machine's cores to the runners that are working now.
///
/// Engines wait for one another at barriers: two of them with a thread for every core run several times slower than
/// with a share each. So one at work has all cores, several have equal shares, and each has at least one.
package struct CoreBudget: Sendable, Equatable {
    /// Cores that may be used.
    package let cores: Int

    package init(cores: Int) {
        self.cores = max(1, cores)
    }

    /// How many threads each may compute with; what does not divide goes to the first, a core each.
    package func deal(to working: [String]) -> [String: Int] {
        guard !working.isEmpty else { return [:] }
        let (share, rest) = cores.quotientAndRemainder(dividingBy: working.count)
        return Dictionary(
            uniqueKeysWithValues: working.sorted().enumerated().map { index, model in
                (model, max(1, share + (index < rest ? 1 : 0)))
            })
    }
}
