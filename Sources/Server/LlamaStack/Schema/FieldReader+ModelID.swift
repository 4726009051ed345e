extension FieldReader {
    /// The model that a request is for. Older clients call the field `model`.
    func modelID(_ key: Key, olderName: Key) -> String {
        guard isPresent(olderName) else { return requiredText(key) }
        if isPresent(key) {
            fault(.invalidValue, olderName, "is the older name of `\(key.stringValue)`: send one of them")
        }
        return requiredText(olderName)
    }
}
