/// The fields of a form, by name, and what is wrong with them.
///
/// Fields are read as those of a JSON body are: a field that breaks its rule is a fault, the reading goes on, and a form
/// with faults is refused as a whole.
struct Form: Sendable {
    private let values: [String: [UInt8]]
    private(set) var faults: [FieldFault]

    init(values: [String: [UInt8]], faults: [FieldFault] = []) {
        self.values = values
        self.faults = faults
    }

    /// - Throws: ``ValidationFailure`` where there are faults.
    func check() throws {
        if !faults.isEmpty {
            throw ValidationFailure(faults: Array(faults.prefix(FaultCollector.listed)), count: faults.count)
        }
    }

    mutating func fault(_ code: FieldFault.Code, _ name: String, _ message: String) {
        // Of a field that is at fault already no more is told.
        guard !faults.contains(where: { $0.path == name }) else { return }
        faults.append(FieldFault(code: code, path: name, message: message))
    }

    /// The bytes of a file that must be there.
    mutating func requiredFile(_ name: String, _ expected: String) -> [UInt8] {
        guard let file = values[name] else {
            fault(.missing, name, "is required: expected \(expected)")
            return []
        }
        return file
    }

    /// A text; `nil` where it is absent.
    mutating func text(_ name: String) -> String? {
        guard let value = values[name] else { return nil }
        guard let text = String(validating: value, as: UTF8.self) else {
            fault(.invalidValue, name, "expected text in UTF-8")
            return nil
        }
        return text
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(name) else { return nil }
        let expected = "expected an integer from \(range.lowerBound) to \(range.upperBound)"
        guard let number = Int(text) else {
            fault(.wrongType, name, expected)
            return nil
        }
        guard range.contains(number) else {
            fault(.outOfRange, name, "\(expected), found \(number)")
            return nil
        }
        return number
    }

    /// One of the values of an enumeration.
    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String, of type: Value.Type) -> Value?
    {
        guard let text = text(name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        fault(.invalidValue, name, "expected one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }
}
