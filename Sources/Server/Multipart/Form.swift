/// The fields of a form, by name, and what is wrong with them.
///
/// Fields are read as those of a JSON body are: a field that breaks its rule is a fault, the reading goes on, and a form
/// with faults is refused as a whole.
struct Form: Sendable {
    /// Of each field the bytes of its values.
    private let values: [String: [[UInt8]]]
    private let uploads: [String: UploadedFile]
    private(set) var faults: [FieldFault]

    init(values: [String: [[UInt8]]], uploads: [String: UploadedFile] = [:], faults: [FieldFault] = []) {
        self.values = values
        self.uploads = uploads
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

    // MARK: Files

    /// The bytes of a file that must be there.
    mutating func requiredFile(_ name: String, _ expected: String) -> [UInt8] {
        guard let file = values[name]?.first else {
            fault(.missing, name, "is required: expected \(expected)")
            return []
        }
        return file
    }

    /// A file of many bytes that must be there; a form without it has a fault.
    mutating func requiredUpload(_ name: String, _ expected: String) -> UploadedFile? {
        if uploads[name] == nil { fault(.missing, name, "is required: expected \(expected)") }
        return uploads[name]
    }

    // MARK: Texts

    /// A text; `nil` where it is absent.
    mutating func text(_ name: String) -> String? {
        texts(name)?.first
    }

    /// All the texts of a list; `nil` where there is none.
    mutating func texts(_ name: String) -> [String]? {
        guard let values = values[name] else { return nil }
        let texts = values.compactMap { String(validating: $0, as: UTF8.self) }
        guard texts.count == values.count else {
            fault(.invalidValue, name, "expected text in UTF-8")
            return nil
        }
        return texts
    }

    /// A text that must be there and not be empty.
    mutating func requiredText(_ name: String) -> String {
        guard values[name] != nil else {
            fault(.missing, name, "is required: expected a string")
            return ""
        }
        let text = text(name)
        if text == "" { fault(.invalidValue, name, "expected a string that is not empty") }
        return text ?? ""
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

    mutating func number(_ name: String, in range: ClosedRange<Double>) -> Float? {
        guard let text = text(name) else { return nil }
        let expected = "expected a number from \(range.lowerBound) to \(range.upperBound)"
        guard let number = Double(text), number.isFinite else {
            fault(.wrongType, name, expected)
            return nil
        }
        guard range.contains(number) else {
            fault(.outOfRange, name, "\(expected), found \(number)")
            return nil
        }
        return Float(number)
    }

    /// `true` or `false`, in any capitals, as clients of several languages write it.
    mutating func flag(_ name: String) -> Bool? {
        guard let text = text(name) else { return nil }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default:
            fault(.wrongType, name, "expected true or false")
            return nil
        }
    }

    /// One of the values of an enumeration.
    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String, of type: Value.Type) -> Value?
    {
        choices(name, of: type)?.first
    }

    /// Some of the values of an enumeration.
    mutating func choices<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Value.Type
    ) -> [Value]? {
        guard let texts = texts(name) else { return nil }
        let values = texts.compactMap { Value(rawValue: $0) }
        guard values.count == texts.count else {
            fault(.invalidValue, name, "expected one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return values
    }
}
