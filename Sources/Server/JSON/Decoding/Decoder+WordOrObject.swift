extension Decoder {
    /// One of a few words; `nil` where the value is an object in its place.
    ///
    /// - Throws: where it is neither; the fault is gathered.
    func wordOrObject<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) throws -> Word? {
        if let text = try? singleValueContainer().decode(String.self) {
            if let word = Word(rawValue: text) { return word }
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            faults.add(.invalidValue, at: codingPath, "expected one of \(words), or an object")
            throw FaultGathered()
        }
        let found = JSONKind(from: self)
        if found == .object { return nil }
        faults.add(.wrongType, at: codingPath, "expected a string or an object, found \(found.rawValue)")
        throw FaultGathered()
    }
}
