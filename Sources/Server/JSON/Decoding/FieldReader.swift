/// Reads the fields of one object, so that the rule of each stands in the one line that reads it.
///
/// A field that breaks its rule is gathered as a fault, with its path; the reading goes on, and what it returns then is
/// of no use: a body with faults is refused as a whole. Absent and `null` are the same, and no fault, unless the field
/// is required.
struct FieldReader<Key: CodingKey> {
    let container: KeyedDecodingContainer<Key>
    private let faults: FaultCollector

    /// - Throws: where the value is not an object; the fault is gathered.
    init(_ decoder: any Decoder, keyedBy: Key.Type) throws(FaultGathered) {
        faults = decoder.faults
        do {
            container = try decoder.container(keyedBy: Key.self)
        } catch {
            let found = JSONKind(from: decoder).rawValue
            faults.add(.wrongType, at: decoder.codingPath, "expected an object, found \(found)")
            throw FaultGathered()
        }
    }

    /// What the field holds; `nil` where it is absent.
    func kind(_ key: Key) -> JSONKind? {
        guard container.contains(key) else { return nil }
        return (try? container.decode(JSONKind.self, forKey: key)) ?? .null
    }

    /// Whether the field holds anything but `null`.
    func isPresent(_ key: Key) -> Bool {
        container.contains(key) && (try? container.decodeNil(forKey: key)) == false
    }

    /// Gathers a fault of a field.
    func fault(_ code: FieldFault.Code, _ key: Key, _ message: String) {
        faults.add(code, at: container.codingPath + [key], message)
    }

    /// A value of exactly this type.
    func value<Value: Decodable>(_ key: Key, as type: Value.Type, expected: String) -> Value? {
        guard isPresent(key) else { return nil }
        if let value = try? container.decode(type, forKey: key) { return value }
        let found = kind(key)?.rawValue ?? "nothing"
        fault(.wrongType, key, "expected \(expected), found \(found)")
        return nil
    }

    /// A value that names its own faults.
    func object<Value: Decodable>(_ key: Key, as type: Value.Type) -> Value? {
        guard isPresent(key) else { return nil }
        return (try? container.decode(Checked<Value>.self, forKey: key))?.value
    }

    /// Gathers a fault unless the field is there.
    func require(_ key: Key, _ expected: String) {
        switch kind(key) {
        case nil: fault(.missing, key, "is required: expected \(expected)")
        case .null: fault(.wrongType, key, "expected \(expected), found null")
        default: break
        }
    }
}
