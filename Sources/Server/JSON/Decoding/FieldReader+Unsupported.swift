/// What the API has and this server has not: refused by name rather than passed over in silence.
extension FieldReader {
    /// Refuses the field wherever it holds anything.
    func refuse(_ key: Key) {
        guard isPresent(key) else { return }
        fault(.unsupportedParameter, key, "this server does not support this field; leave it out")
    }

    /// Refuses a list unless it is empty.
    func refuseElements(_ key: Key) {
        guard let elements = value(key, as: [JSONKind].self, expected: "an array"), !elements.isEmpty else { return }
        fault(.unsupportedParameter, key, "this server does not support this field; leave it out")
    }

    /// Refuses a value of a field that is otherwise supported.
    func refuse(_ key: Key, if unsupported: Bool, supported: String) {
        guard unsupported else { return }
        fault(.unsupportedValue, key, "this server does not support this value; it supports \(supported)")
    }
}
