extension Collection where Self: Sendable, Element: Sendable, Index == Int {
    /// The results in the elements' order, while at most so many are worked on at a time.
    ///
    /// - Throws: what the first to fail throws; the others are cancelled.
    func concurrentMap<Result: Sendable>(
        atMost limit: Int, _ transform: @escaping @Sendable (Int, Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            for index in indices {
                if index - startIndex >= limit, let (done, result) = try await group.next() { results[done] = result }
                let element = self[index]
                group.addTask { (index, try await transform(index, element)) }
            }
            for try await (done, result) in group { results[done] = result }
            return indices.compactMap { results[$0] }
        }
    }
}
