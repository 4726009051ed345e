import Inference

/// Whether a user's grammar can be run, in time and memory that are bounded.
enum GBNFCheck {
    private static let maximumLength = 256 * 1024
    private static let maximumRules = 2_000
    /// Of one count, llama.cpp's own: what is beyond it, it takes for no bound at all.
    private static let maximumCount = 2_000
    /// Of characters and names, with counts spelled out.
    private static let maximumSize = 200_000

    /// - Throws: ``InferenceError`` of kind `invalidRequest` that says what is wrong, and where.
    static func check(_ gbnf: String) throws {
        do throws(GBNFReader.Failure) {
            var checker = try Checker(gbnf)
            try checker.check()
        } catch {
            let place = error.line > 0 ? ", in line \(error.line)" : ""
            throw InferenceError(
                .invalidRequest, "The grammar cannot be run: \(error.reason)\(place).", parameter: "grammar")
        }
    }

    private struct Checker {
        private var rules: [String: [[GBNFReader.Item]]] = [:]
        private var empty: Set<String> = []

        init(_ gbnf: String) throws(GBNFReader.Failure) {
            guard gbnf.utf8.count <= maximumLength else {
                throw Self.failure("it is longer than \(maximumLength) bytes")
            }
            let read = try GBNFReader.read(gbnf)
            guard read.count <= maximumRules else { throw Self.failure("it has more than \(maximumRules) rules") }
            // As in llama.cpp, the last of several rules of one name counts.
            for (name, alternatives) in read { rules[name] = alternatives }
        }

        private static func failure(_ reason: String) -> GBNFReader.Failure {
            GBNFReader.Failure(reason: reason, line: 0)
        }

        mutating func check() throws(GBNFReader.Failure) {
            guard rules["root"] != nil else { throw Self.failure("it has no rule root") }
            var size = 0
            for name in rules.keys.sorted() {
                size += try self.size(of: rules[name] ?? [])
                guard size <= maximumSize else { throw Self.failure("it is too large with its counts spelled out") }
            }
            findEmpty()
            for alternatives in rules.values { try checkRepetitions(in: alternatives) }
            try checkRecursion()
            try checkEnd()
        }

        // Size.

        private func size(of alternatives: [[GBNFReader.Item]]) throws(GBNFReader.Failure) -> Int {
            var size = 1
            for alternative in alternatives {
                for item in alternative { size += try self.size(of: item) }
            }
            return size
        }

        private func size(of item: GBNFReader.Item) throws(GBNFReader.Failure) -> Int {
            switch item {
            case .terminal(let count): return count
            case .rule(let name):
                guard rules[name] != nil else { throw Self.failure("it has no rule \(name), which another names") }
                return 1
            case .group(let alternatives): return try size(of: alternatives)
            case .repeated(let item, let least, let most):
                guard least <= maximumCount, most ?? 0 <= maximumCount else {
                    throw Self.failure("it counts beyond \(maximumCount)")
                }
                guard least <= most ?? Int.max else {
                    throw Self.failure("one of its counts asks for less than it asks for")
                }
                return min(maximumSize + 1, try size(of: item) * max(1, most ?? least))
            }
        }

        // What may be empty.

        private mutating func findEmpty() {
            var isGrowing = true
            while isGrowing {
                let found = rules.filter { !empty.contains($0.key) && canBeEmpty($0.value) }.keys
                empty.formUnion(found)
                isGrowing = !found.isEmpty
            }
        }

        private func canBeEmpty(_ alternatives: [[GBNFReader.Item]]) -> Bool {
            alternatives.contains { $0.allSatisfy(canBeEmpty) }
        }

        private func canBeEmpty(_ item: GBNFReader.Item) -> Bool {
            switch item {
            case .terminal(let count): count == 0
            case .rule(let name): empty.contains(name)
            case .group(let alternatives): canBeEmpty(alternatives)
            case .repeated(let item, let least, _): least == 0 || canBeEmpty(item)
            }
        }

        // Recursion.

        private func checkRepetitions(in alternatives: [[GBNFReader.Item]]) throws(GBNFReader.Failure) {
            for alternative in alternatives {
                for item in alternative { try checkRepetitions(in: item) }
            }
        }

        private func checkRepetitions(in item: GBNFReader.Item) throws(GBNFReader.Failure) {
            switch item {
            case .terminal, .rule: break
            case .group(let alternatives): try checkRepetitions(in: alternatives)
            case .repeated(let item, _, let most):
                guard most != nil || !canBeEmpty(item) else {
                    throw Self.failure("it repeats without end what may be empty")
                }
                try checkRepetitions(in: item)
            }
        }

        /// A rule that comes to itself before any character would be expanded for ever.
        private func checkRecursion() throws(GBNFReader.Failure) {
            let beginnings = rules.mapValues { first(of: $0) }
            var finished: Set<String> = []
            for start in rules.keys.sorted() where !finished.contains(start) {
                var path: [(name: String, rest: ArraySlice<String>)] = [(start, beginnings[start, default: []][...])]
                var onPath: Set = [start]
                while let last = path.indices.last {
                    guard let next = path[last].rest.popFirst() else {
                        onPath.remove(path[last].name)
                        finished.insert(path[last].name)
                        path.removeLast()
                        continue
                    }
                    guard !onPath.contains(next) else {
                        throw Self.failure("rule \(next) begins with itself (left recursion)")
                    }
                    guard !finished.contains(next) else { continue }
                    onPath.insert(next)
                    path.append((next, beginnings[next, default: []][...]))
                }
            }
        }

        /// The rules that a text may begin with.
        private func first(of alternatives: [[GBNFReader.Item]]) -> [String] {
            alternatives.flatMap { alternative -> [String] in
                var names: [String] = []
                for item in alternative {
                    names += first(of: item)
                    if !canBeEmpty(item) { break }
                }
                return names
            }
        }

        private func first(of item: GBNFReader.Item) -> [String] {
            switch item {
            case .terminal: []
            case .rule(let name): [name]
            case .group(let alternatives): first(of: alternatives)
            case .repeated(let item, _, _): first(of: item)
            }
        }

        /// Whether some text of the grammar is finite.
        private func checkEnd() throws(GBNFReader.Failure) {
            var ending: Set<String> = []
            var isGrowing = true
            while isGrowing {
                let found = rules.filter { rule in
                    !ending.contains(rule.key) && rule.value.contains { $0.allSatisfy { ends($0, ending) } }
                }.keys
                ending.formUnion(found)
                isGrowing = !found.isEmpty
            }
            guard ending.contains("root") else { throw Self.failure("no text of it comes to an end") }
        }

        private func ends(_ item: GBNFReader.Item, _ ending: Set<String>) -> Bool {
            switch item {
            case .terminal: true
            case .rule(let name): ending.contains(name)
            case .group(let alternatives): alternatives.contains { $0.allSatisfy { ends($0, ending) } }
            case .repeated(let item, let least, _): least == 0 || ends(item, ending)
            }
        }
    }
}
