/// Texts that have to have a form.
extension FieldReader {
    /// The name of a function or a format: 1 to 64 letters, digits, underscores and dashes.
    func name(_ key: Key) -> String? {
        guard let name = text(key) else { return nil }
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(isAllowed) else {
            fault(.invalidValue, key, "expected 1 to 64 of the letters a-z and A-Z, digits, underscores and dashes")
            return nil
        }
        return name
    }

    /// A name that must be there.
    func requiredName(_ key: Key) -> String? {
        require(key, "a name")
        return name(key)
    }

    /// A text of a limited length in characters.
    func text(_ key: Key, count: ClosedRange<Int>) -> String? {
        guard let text = text(key) else { return nil }
        guard count.contains(text.count) else {
            fault(
                .outOfRange, key,
                "expected a string of \(count.lowerBound) to \(count.upperBound) characters, found \(text.count)")
            return nil
        }
        return text
    }

    /// A text that is JSON itself, such as the arguments of a call. An empty one, which some models and programs write
    /// for a call without arguments, is `{}`.
    func jsonText(_ key: Key) -> String? {
        guard let text = text(key) else { return nil }
        if text.isEmpty { return "{}" }
        if text.isJSON { return text }
        fault(.invalidValue, key, "expected a string that is JSON")
        return nil
    }
}
