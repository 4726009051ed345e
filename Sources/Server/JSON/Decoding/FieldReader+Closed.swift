extension FieldReader {
    /// Reads an object that has these fields and no others: each other one is a fault that names it.
    ///
    /// - Throws: where the value is not an object; the fault is gathered.
    init(_ decoder: any Decoder, closedTo keys: Key.Type) throws(FaultGathered) {
        try self.init(decoder, keyedBy: keys)
        guard let all = try? decoder.container(keyedBy: AnyKey.self).allKeys else { return }
        let unknown = all.map(\.stringValue).filter { Key(stringValue: $0) == nil }
        for name in unknown.sorted() {
            // Names come from the caller, and may be of any length.
            let shown = AnyKey(stringValue: name.count > 64 ? name.prefix(64) + "…" : name)
            decoder.faults.add(.unsupportedParameter, at: decoder.codingPath + [shown], "there is no such field here")
        }
    }
}
