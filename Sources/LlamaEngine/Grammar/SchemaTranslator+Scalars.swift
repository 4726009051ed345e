import Inference

extension SchemaTranslator {
    // Strings. Lengths count characters of Unicode, as the standard has it.

    mutating func string(_ object: JSONObject, _ path: String) throws -> JSONValue {
        let least = try count("minLength", object, path) ?? 0
        let most = try count("maxLength", object, path) ?? Int.max
        guard least <= most else { throw misfit("it has to be longer than it may", path + ".minLength") }
        if let pattern = object["pattern"] {
            guard let pattern = pattern.string else {
                throw refusal("`pattern` has to be a string.", path + ".pattern")
            }
            if let format = object["format"]?.string, FormatGrammar.isAsserted(format) {
                throw unenforceable("format", path, "it stands beside `pattern`")
            }
            return try string(of: pattern, least, most, object, path)
        }
        if let format = object["format"]?.string, FormatGrammar.isAsserted(format) {
            guard let grammar = FormatGrammar.expression(of: format) else {
                throw unenforceable("format", path, "of formats, \(FormatGrammar.known) can be")
            }
            let length = FormatGrammar.length(of: format)
            guard length.lowerBound >= least else {
                throw unenforceable("minLength", path, "it stands beside `format`")
            }
            guard length.upperBound <= most else { throw unenforceable("maxLength", path, "it stands beside `format`") }
            return leaves.string(grammar)
        }
        var string = JSONObject(["type": .string("string")])
        let (lower, upper) = try bounds(least, most, "Length", path)
        if lower > 0 { string["minLength"] = .number("\(lower)") }
        if upper < Int.max { string["maxLength"] = .number("\(upper)") }
        return .object(string)
    }

    private mutating func string(
        of pattern: String, _ least: Int, _ most: Int, _ object: JSONObject, _ path: String
    ) throws -> JSONValue {
        let grammar: PatternGrammar
        do {
            grammar = try PatternGrammar(pattern)
        } catch {
            throw unenforceable("pattern", path, error.reason)
        }
        try spend(grammar.repetitions, path + ".pattern")
        guard least > 0 || most < Int.max else { return leaves.string(grammar.expression) }
        guard let run = grammar.run else {
            throw unenforceable(least > 0 ? "minLength" : "maxLength", path, "it stands beside `pattern`")
        }
        let (lower, upper) = try bounds(max(least, run.least), min(most, run.most), "Length", path)
        guard lower <= upper else { throw misfit("its pattern and its length exclude each other", path + ".pattern") }
        return leaves.string("\(run.character){\(lower),\(upper == Int.max ? "" : "\(upper)")}")
    }

    // Numbers.

    mutating func integer(_ object: JSONObject, _ path: String) throws -> JSONValue {
        try checkMultiple(object, path, of: 1)
        guard let range = try NumberRange(object, self, path) else { return .object(["type": .string("integer")]) }
        guard let integers = range.integers else { throw misfit("no integer is within its bounds", path) }
        return .object([
            "type": .string("integer"), "minimum": .number("\(integers.lowerBound)"),
            "maximum": .number("\(integers.upperBound)"),
        ])
    }

    mutating func number(_ object: JSONObject, _ path: String) throws -> JSONValue {
        if object["multipleOf"]?.double == 1 { return try integer(object, path) }
        try checkMultiple(object, path, of: nil)
        guard let range = try NumberRange(object, self, path) else { return .object(["type": .string("number")]) }
        guard let expression = range.expression else {
            throw misfit("no number that can be written with few digits is within its bounds", path)
        }
        return leaves.number(expression)
    }

    private func checkMultiple(_ object: JSONObject, _ path: String, of allowed: Double?) throws {
        guard let multiple = object["multipleOf"], multiple.double != allowed || allowed == nil else { return }
        throw unenforceable("multipleOf", path)
    }
}
