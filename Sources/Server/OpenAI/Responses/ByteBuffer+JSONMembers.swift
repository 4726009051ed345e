import NIOCore
import RunnerProtocol

/// Objects written member by member, for replies that hold JSON as it came in their request: an encoder would have to
/// take that apart. A member is separated from the one before it by itself.
extension ByteBuffer {
    /// A text; `nil` is `null`.
    mutating func writeMember(_ key: StaticString, _ text: String?) {
        writeKey(key)
        guard let text else {
            writeStaticString("null")
            return
        }
        writeStaticString("\"")
        writeJSONEscaped(text)
        writeStaticString("\"")
    }

    mutating func writeMember(_ key: StaticString, _ number: Int) {
        writeKey(key)
        writeString(String(number))
    }

    /// - Parameter json: valid JSON without line breaks; `nil` is `null`.
    mutating func writeMember(_ key: StaticString, json: String?) {
        writeKey(key)
        writeString(json ?? "null")
    }

    /// An object that holds what `members` writes.
    mutating func writeMember(_ key: StaticString, object members: (inout ByteBuffer) -> Void) {
        writeKey(key)
        writeObject(members)
    }

    /// An array; each element is what `write` makes of it.
    mutating func writeMember<Element>(
        _ key: StaticString, _ elements: some Sequence<Element>, write: (Element, inout ByteBuffer) -> Void
    ) {
        writeKey(key)
        writeStaticString("[")
        var isFirst = true
        for element in elements {
            if !isFirst { writeStaticString(",") }
            isFirst = false
            write(element, &self)
        }
        writeStaticString("]")
    }

    /// An object that holds what `members` writes.
    mutating func writeObject(_ members: (inout ByteBuffer) -> Void) {
        writeStaticString("{")
        members(&self)
        writeStaticString("}")
    }

    private mutating func writeKey(_ key: StaticString) {
        // Only an object that has just begun ends with a brace like this: in a text it would be followed by a quote.
        let last = getInteger(at: writerIndex - 1, as: UInt8.self)
        if last != UInt8(ascii: "{") { writeStaticString(",") }
        writeStaticString("\"")
        writeStaticString(key)
        writeStaticString("\":")
    }
}
