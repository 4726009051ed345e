/// A regular expression as a grammar of JSON strings.
///
/// The part of ECMA-262 that all engines read alike: characters, classes, groups, alternatives, counts, and anchors at
/// the ends. What is generated matches in any engine: `\d` and its like stand for ASCII alone.
struct PatternGrammar {
    struct Unsupported: Error {
        var reason: String
    }

    /// A pattern that is one class of characters, so and so often.
    struct Run {
        var character: String
        var least: Int
        var most: Int
    }

    /// What is written between the quotes.
    let expression: String
    /// How much the counts make the grammar spell out.
    let repetitions: Int
    let run: Run?

    init(_ pattern: String) throws(Unsupported) {
        var parser = PatternParser(pattern)
        let alternatives = try parser.pattern()
        expression = alternatives.map(\.whole).joined(separator: " | ")
        repetitions = parser.repetitions
        run = alternatives.count == 1 ? alternatives[0].run : nil
    }
}

/// Reads a pattern and writes its grammar as it goes.
struct PatternParser {
    typealias Unsupported = PatternGrammar.Unsupported

    private static let maximumDepth = 32
    private static let maximumCount = 500

    /// One of a pattern's alternatives, with what may come before and after it.
    struct Alternative {
        var startsText = false
        var endsText = false
        var body = ""
        var run: PatternGrammar.Run?

        var whole: String {
            let anything = "(\(StrictJSON.character))*"
            let body = body.isEmpty ? "\"\"" : "(\(body))"
            return [startsText ? "" : anything, body, endsText ? "" : anything].filter { !$0.isEmpty }
                .joined(separator: " ")
        }
    }

    /// Something that a count can follow.
    private struct Term {
        var expression: String
        var canBeEmpty = false
        var isCharacter = false
        /// Symbols that the library makes of it.
        var weight = 1
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private(set) var repetitions = 0

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// The whole pattern. An anchor belongs to the alternative that it stands in.
    mutating func pattern() throws(Unsupported) -> [Alternative] {
        guard scalars.count <= 1_000 else { throw Unsupported(reason: "it is longer than 1000 characters") }
        var alternatives: [Alternative] = []
        repeat {
            var alternative = Alternative()
            alternative.startsText = take("^")
            let (term, run) = try sequence(depth: 0)
            alternative.body = term.expression
            alternative.endsText = take("$")
            if alternative.startsText, alternative.endsText { alternative.run = run }
            alternatives.append(alternative)
        } while take("|")
        guard next == nil else { throw Unsupported(reason: "a parenthesis, or an anchor, stands where none can") }
        return alternatives
    }

    private mutating func sequence(depth: Int) throws(Unsupported) -> (Term, PatternGrammar.Run?) {
        var terms: [Term] = []
        var run: PatternGrammar.Run?
        while let scalar = next, scalar != "|", scalar != ")", scalar != "$" {
            let atom = try atom(depth: depth)
            let (term, least, most) = try counted(atom)
            run =
                terms.isEmpty && atom.isCharacter
                ? PatternGrammar.Run(character: atom.expression, least: least, most: most) : nil
            terms.append(term)
        }
        let sequence = Term(
            expression: terms.map(\.expression).joined(separator: " "),
            canBeEmpty: terms.allSatisfy(\.canBeEmpty), weight: terms.reduce(1) { $0 + $1.weight })
        return (sequence, run)
    }

    private mutating func group(depth: Int) throws(Unsupported) -> Term {
        guard depth < Self.maximumDepth else { throw Unsupported(reason: "its groups are nested too deep") }
        if take("?"), !take(":") {
            guard take("<"), next != "=", next != "!" else {
                throw Unsupported(reason: "it looks ahead or behind, which a grammar cannot")
            }
            while let scalar = next, scalar != ">" { position += 1 }
            position += 1
        }
        var alternatives: [Term] = []
        repeat { alternatives.append(try sequence(depth: depth + 1).0) } while take("|")
        guard take(")") else { throw Unsupported(reason: "a group has no end, or an anchor within") }
        let expressions = alternatives.map { $0.expression.isEmpty ? "\"\"" : $0.expression }
        return Term(
            expression: "(\(expressions.joined(separator: " | ")))",
            canBeEmpty: alternatives.contains { $0.canBeEmpty }, weight: alternatives.reduce(1) { $0 + $1.weight })
    }

    private mutating func atom(depth: Int) throws(Unsupported) -> Term {
        guard let scalar = next else { throw Unsupported(reason: "it ends too early") }
        position += 1
        switch scalar {
        case "(": return try group(depth: depth)
        case "[": return try character(PatternCharacters.readingClass(scalars, &position))
        case "\\": return try character(PatternCharacters.readingEscape(scalars, &position))
        case ".": return try character(PatternCharacters.anyButLineEnds)
        case "*", "+", "?", "^": throw Unsupported(reason: "\(scalar) stands where it cannot")
        case "{", "}", "]": throw Unsupported(reason: "\(scalar) stands where engines differ; escape it")
        default: return try character(PatternCharacters(scalar))
        }
    }

    private func character(_ set: PatternCharacters) throws(Unsupported) -> Term {
        guard let expression = set.jsonExpression else { throw Unsupported(reason: "one of its classes is empty") }
        return Term(expression: expression, isCharacter: true)
    }

    private mutating func counted(_ atom: Term) throws(Unsupported) -> (Term, least: Int, most: Int) {
        guard let (least, most) = try count() else { return (atom, 1, 1) }
        // Fewer than all there may be is what `?` after a count asks for; the texts that match are the same.
        if !take("?"), next == "+" { throw Unsupported(reason: "it has a possessive count") }
        guard !atom.canBeEmpty || most <= 1 else { throw Unsupported(reason: "it repeats what may be empty") }
        guard most == Int.max || most <= Self.maximumCount, least <= Self.maximumCount else {
            throw Unsupported(reason: "it counts beyond \(Self.maximumCount)")
        }
        let times = max(1, most == Int.max ? least : most)
        let weight = atom.weight * times
        guard weight <= SchemaTranslator.maximumLength else { throw Unsupported(reason: "its counts multiply too far") }
        repetitions += weight
        var term = atom
        term.isCharacter = false
        term.weight = weight
        term.canBeEmpty = atom.canBeEmpty || least == 0
        term.expression =
            most == 0 ? "\"\"" : "\(atom.expression){\(least),\(most == Int.max ? "" : "\(most)")}"
        return (term, least, most)
    }

    private mutating func count() throws(Unsupported) -> (Int, Int)? {
        if take("*") { return (0, Int.max) }
        if take("+") { return (1, Int.max) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        guard let least = number() else { throw Unsupported(reason: "a brace stands where engines differ; escape it") }
        var most = least
        if take(",") { most = next == "}" ? Int.max : number() ?? -1 }
        guard take("}"), most >= least else { throw Unsupported(reason: "one of its counts cannot be read") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = next, ("0"..."9").contains(scalar) {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        return digits.count > 9 ? Int(Int32.max) : Int(digits)
    }
}
