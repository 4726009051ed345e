/// What a value in a body is, for messages that say what was found.
package enum JSONKind: String, Decodable, Sendable {
    case null = "null"
    case boolean = "a boolean"
    case string = "a string"
    case number = "a number"
    case array = "an array"
    case object = "an object"

    package init(from decoder: any Decoder) {
        let value = try? decoder.singleValueContainer()
        if value?.decodeNil() == true {
            self = .null
        } else if (try? value?.decode(Bool.self)) != nil {
            self = .boolean
        } else if (try? value?.decode(String.self)) != nil {
            self = .string
        } else if (try? decoder.unkeyedContainer()) != nil {
            self = .array
        } else if (try? decoder.container(keyedBy: AnyKey.self)) != nil {
            self = .object
        } else {
            // Last, because a number may be too large for every type that could be asked for.
            self = .number
        }
    }
}

/// A key that is not known beforehand.
struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        self.intValue = nil
    }

    init(intValue: Int) {
        self.stringValue = String(intValue)
        self.intValue = intValue
    }
}
