/// The kinds of fields that bodies have.
extension FieldReader {
    func flag(_ key: Key) -> Bool? {
        value(key, as: Bool.self, expected: "a boolean")
    }

    func text(_ key: Key) -> String? {
        value(key, as: String.self, expected: "a string")
    }

    /// A text that must be there and not be empty.
    func requiredText(_ key: Key) -> String {
        require(key, "a string")
        let text = text(key)
        if text == "" { fault(.invalidValue, key, "expected a string that is not empty") }
        return text ?? ""
    }

    func number(_ key: Key, in range: ClosedRange<Double>) -> Float? {
        let expected = "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
        guard let number = value(key, as: Double.self, expected: expected) else { return nil }
        guard range.contains(number) else {
            fault(.outOfRange, key, "expected \(expected), found \(plain(number))")
            return nil
        }
        return Float(number)
    }

    func number(_ key: Key, above lowerBound: Double, upTo upperBound: Double) -> Float? {
        let expected = "a number above \(plain(lowerBound)), up to \(plain(upperBound))"
        guard let number = value(key, as: Double.self, expected: expected) else { return nil }
        guard number > lowerBound, number <= upperBound else {
            fault(.outOfRange, key, "expected \(expected), found \(plain(number))")
            return nil
        }
        return Float(number)
    }

    func integer(_ key: Key, in range: ClosedRange<Int>) -> Int? {
        let expected =
            range.upperBound == .max
            ? (range.lowerBound == .min ? "an integer" : "an integer of at least \(range.lowerBound)")
            : "an integer from \(range.lowerBound) to \(range.upperBound)"
        // To JSON Schema 1e30 is an integer too; it is taken for the largest that there is.
        let large = (try? container.decode(Double.self, forKey: key)).flatMap {
            $0 == $0.rounded() ? Int(clamping: $0) : nil
        }
        guard let number = (try? container.decode(Int.self, forKey: key)) ?? large else {
            return value(key, as: Int.self, expected: expected)
        }
        guard range.contains(number) else {
            fault(.outOfRange, key, "expected \(expected), found \(number)")
            return nil
        }
        return number
    }

    /// One of the values of an enumeration.
    func choice<Value: RawRepresentable<String> & CaseIterable>(_ key: Key, of type: Value.Type) -> Value? {
        guard let text = text(key) else { return nil }
        if let value = Value(rawValue: text) { return value }
        fault(.invalidValue, key, "expected one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    /// A list whose elements name their own faults.
    func array<Element: Decodable>(_ key: Key, of type: Element.Type, count: ClosedRange<Int>) -> [Element]? {
        guard let elements = value(key, as: [Checked<Element>].self, expected: "an array") else { return nil }
        if elements.count < count.lowerBound {
            fault(.outOfRange, key, "expected at least \(count.lowerBound) elements, found \(elements.count)")
        } else if elements.count > count.upperBound {
            fault(.outOfRange, key, "expected at most \(count.upperBound) elements, found \(elements.count)")
        }
        return elements.compactMap(\.value)
    }

    /// `2` rather than `2.0`.
    private func plain(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }
}

extension Int {
    /// The nearest integer that there is.
    fileprivate init(clamping number: Double) {
        self = Int(exactly: number) ?? (number < 0 ? .min : .max)
    }
}
