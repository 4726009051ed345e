import Foundation

/// The numbers between two bounds, as they are written.
struct NumberRange {
    /// Integers that a 64-bit float holds exactly.
    private static let largest = 999_999_999_999_999
    /// Digits after the point that a grammar tells apart at a bound.
    private static let maximumDigits = 6

    private struct Bound {
        var value: Double
        var isExclusive: Bool
    }

    private var lower: Bound?
    private var upper: Bound?

    /// `nil` where the schema sets no bound.
    init?(_ object: JSONObject, _ translator: SchemaTranslator, _ path: String) throws {
        for (keyword, isExclusive) in [
            ("minimum", false), ("exclusiveMinimum", true), ("maximum", false), ("exclusiveMaximum", true),
        ] {
            guard let value = object[keyword] else { continue }
            // In draft 4 `exclusiveMinimum` was a mark on `minimum`.
            if let mark = value.bool, isExclusive {
                if mark, keyword == "exclusiveMinimum" { lower?.isExclusive = true }
                if mark, keyword == "exclusiveMaximum" { upper?.isExclusive = true }
                continue
            }
            guard let number = value.double, number.isFinite else {
                throw translator.refusal("`\(keyword)` has to be a number.", "\(path).\(keyword)")
            }
            add(Bound(value: number, isExclusive: isExclusive), isLower: keyword.lowercased().hasSuffix("minimum"))
        }
        if lower == nil, upper == nil { return nil }
    }

    private mutating func add(_ bound: Bound, isLower: Bool) {
        if isLower {
            if let lower, lower.value > bound.value || lower.value == bound.value && lower.isExclusive { return }
            lower = bound
        } else {
            if let upper, upper.value < bound.value || upper.value == bound.value && upper.isExclusive { return }
            upper = bound
        }
    }

    var integers: ClosedRange<Int>? { scaled(digits: 0) }

    /// The numbers within the bounds with so many digits after the point, times ten to the power of that many.
    private func scaled(digits: Int) -> ClosedRange<Int>? {
        let limit = Double(Self.largest)
        let factor = pow(10, Double(digits))
        func clamped(_ value: Double) -> Int { Int(max(-limit, min(limit, value))) }
        var first = -Self.largest
        var last = Self.largest
        if let lower {
            guard lower.value * factor <= limit else { return nil }
            first = clamped((lower.value * factor).rounded(.up))
            // One step at most: for an exclusive bound, or a product that was rounded the wrong way.
            if !isAbove(first, factor) { first += 1 }
        }
        if let upper {
            guard upper.value * factor >= -limit else { return nil }
            last = clamped((upper.value * factor).rounded(.down))
            if !isBelow(last, factor) { last -= 1 }
        }
        return first <= last && isAbove(first, factor) && isBelow(last, factor) ? first...last : nil
    }

    /// Whether a number, read as a validator reads it, keeps the lower bound.
    private func isAbove(_ scaled: Int, _ factor: Double) -> Bool {
        guard let lower else { return true }
        let value = Double(scaled) / factor
        return value > lower.value || value == lower.value && !lower.isExclusive
    }

    private func isBelow(_ scaled: Int, _ factor: Double) -> Bool {
        guard let upper else { return true }
        let value = Double(scaled) / factor
        return value < upper.value || value == upper.value && !upper.isExclusive
    }

    /// The numbers as they are written: the integers, those with any digits that lie between two integers within the
    /// bounds, and near the bounds those with as many digits as it takes to tell.
    var expression: String? {
        var alternatives: [String] = []
        if let integers {
            alternatives += DecimalDigits.alternatives(integers, digits: 0)
            // Between an integer and the next every fraction is within the bounds where both are.
            if integers.lowerBound < integers.upperBound {
                let above = max(integers.lowerBound, 0)
                if above < integers.upperBound {
                    let whole = DecimalDigits.alternatives(above...(integers.upperBound - 1), digits: 0)
                    alternatives.append("(\(whole.joined(separator: " | "))) \".\" [0-9]{1,15}")
                }
                let below = min(integers.upperBound, 0)
                if below > integers.lowerBound {
                    let whole = DecimalDigits.alternatives(-below...(-integers.lowerBound - 1), digits: 0)
                    alternatives.append("\"-\" (\(whole.joined(separator: " | "))) \".\" [0-9]{1,15}")
                }
            }
        }
        if lower != nil, upper != nil, integers.map({ $0.count <= 1_000 }) ?? true {
            // As many digits as it takes to tell a hundred numbers apart, and all fewer.
            for digits in 1...Self.maximumDigits {
                guard let near = scaled(digits: digits) else { continue }
                alternatives += DecimalDigits.alternatives(near, digits: digits)
                if near.count >= 100 { break }
            }
        }
        return alternatives.isEmpty ? nil : alternatives.joined(separator: " | ")
    }
}

/// Ranges of decimal numbers, digit by digit.
enum DecimalDigits {
    /// Expressions that derive just the numbers of a range, their last digits after a point.
    static func alternatives(_ range: ClosedRange<Int>, digits: Int) -> [String] {
        var alternatives: [String] = []
        if range.lowerBound < 0 {
            let positive = max(1, -min(range.upperBound, -1))...(-range.lowerBound)
            alternatives.append("\"-\" (\(self.positive(positive, digits: digits).joined(separator: " | ")))")
        }
        if range.upperBound >= 0 {
            alternatives += positive(max(0, range.lowerBound)...range.upperBound, digits: digits)
        }
        return alternatives
    }

    private static func positive(_ range: ClosedRange<Int>, digits: Int) -> [String] {
        var alternatives: [String] = []
        var lower = range.lowerBound
        while lower <= range.upperBound {
            // Numbers of one length; those that start after the point have a zero before it.
            let length = max(String(lower).count, digits + 1)
            let limit = length >= 18 ? Int.max : pow10(length) - 1
            let upper = min(range.upperBound, limit)
            alternatives.append(
                expression(padded(lower, length)[...], padded(upper, length)[...], remaining: digits))
            if upper == Int.max { break }
            lower = upper + 1
        }
        return alternatives
    }

    private static func pow10(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 10 } }

    private static func padded(_ value: Int, _ length: Int) -> [Int] {
        let digits = String(value).compactMap(\.wholeNumberValue)
        return Array(repeating: 0, count: max(0, length - digits.count)) + digits
    }

    /// All numbers of one length between two; `remaining` digits of them stand after the point.
    private static func expression(_ lower: ArraySlice<Int>, _ upper: ArraySlice<Int>, remaining: Int) -> String {
        guard let low = lower.first, let high = upper.first else { return "\"\"" }
        let point = lower.count == remaining && remaining > 0 ? "\".\" " : ""
        let (lowRest, highRest) = (lower.dropFirst(), upper.dropFirst())
        if lowRest.isEmpty { return point + digit(low, high) }
        let isWhole = lowRest.allSatisfy { $0 == 0 } && highRest.allSatisfy { $0 == 9 }
        if isWhole { return point + digit(low, high) + " " + any(lowRest.count, remaining) }
        if low == high {
            return point + digit(low, low) + " " + expression(lowRest, highRest, remaining: remaining)
        }
        let nines = ArraySlice(Array(repeating: 9, count: lowRest.count))
        let zeros = ArraySlice(Array(repeating: 0, count: lowRest.count))
        var alternatives = [digit(low, low) + " " + expression(lowRest, nines, remaining: remaining)]
        if low + 1 < high { alternatives.append(digit(low + 1, high - 1) + " " + any(lowRest.count, remaining)) }
        alternatives.append(digit(high, high) + " " + expression(zeros, highRest, remaining: remaining))
        return "\(point)(\(alternatives.joined(separator: " | ")))"
    }

    private static func digit(_ low: Int, _ high: Int) -> String { low == high ? "\"\(low)\"" : "[\(low)-\(high)]" }

    private static func any(_ count: Int, _ remaining: Int) -> String {
        guard remaining > 0, count >= remaining else { return "[0-9]{\(count)}" }
        let whole = count - remaining
        return "\(whole > 0 ? "[0-9]{\(whole)} " : "")\".\" [0-9]{\(remaining)}"
    }
}
