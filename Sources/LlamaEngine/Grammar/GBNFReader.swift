/// Reads a grammar in llama.cpp's GBNF notation as llama.cpp does, into rules of symbols.
///
/// What is read is looked at by ``GBNFCheck``; llama.cpp reads the text itself once more. Its own reader goes down with
/// the process on some texts, and prints the others' faults to the log.
struct GBNFReader {
    struct Failure: Error, Equatable {
        var reason: String
        var line: Int
    }

    indirect enum Item {
        /// Characters, or tokens; `count` of them.
        case terminal(count: Int)
        case rule(String)
        case group([[Item]])
        /// `most` is `nil` without an upper bound.
        case repeated(Item, least: Int, most: Int?)
    }

    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0
    private(set) var rules: [(name: String, alternatives: [[Item]])] = []

    static func read(_ text: String) throws(Failure) -> [(name: String, alternatives: [[Item]])] {
        var reader = GBNFReader(bytes: Array(text.utf8))
        try reader.readRules()
        return reader.rules
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ reason: String) -> Failure {
        Failure(reason: reason, line: 1 + bytes.prefix(position).count { $0 == UInt8(ascii: "\n") })
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func isNext(_ scalar: Unicode.Scalar) -> Bool { next == UInt8(ascii: scalar) }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard isNext(scalar) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace(withNewlines: Bool) {
        while let byte = next {
            if byte == UInt8(ascii: "#") {
                while let byte = next, byte != 0x0A, byte != 0x0D { position += 1 }
            } else if byte == 0x20 || byte == 0x09 || withNewlines && (byte == 0x0A || byte == 0x0D) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func readRules() throws(Failure) {
        guard !bytes.contains(0) else { throw failure("it holds a NUL character") }
        skipSpace(withNewlines: true)
        while next != nil {
            let name = try name()
            skipSpace(withNewlines: false)
            guard take(":"), take(":"), take("=") else { throw failure("::= is missing after \(name)") }
            skipSpace(withNewlines: true)
            rules.append((name, try alternatives(depth: 0)))
            guard next == nil || isNext("\n") || isNext("\r") else {
                throw failure("a rule does not end with its line")
            }
            skipSpace(withNewlines: true)
        }
    }

    private mutating func name() throws(Failure) -> String {
        let start = position
        while let byte = next, Self.isOfName(byte) { position += 1 }
        guard position > start else { throw failure("a name is missing") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func alternatives(depth: Int) throws(Failure) -> [[Item]] {
        guard depth <= Self.maximumDepth else { throw failure("its groups are nested too deep") }
        var alternatives = [try sequence(depth: depth)]
        while take("|") {
            skipSpace(withNewlines: true)
            alternatives.append(try sequence(depth: depth))
        }
        return alternatives
    }

    private mutating func sequence(depth: Int) throws(Failure) -> [Item] {
        var items: [Item] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""): items.append(.terminal(count: try literal()))
            case UInt8(ascii: "["): items.append(.terminal(count: try characterClass()))
            case UInt8(ascii: "."):
                position += 1
                items.append(.terminal(count: 1))
            case UInt8(ascii: "<"), UInt8(ascii: "!"):
                try token()
                items.append(.terminal(count: 1))
            case UInt8(ascii: "("):
                position += 1
                skipSpace(withNewlines: true)
                items.append(.group(try alternatives(depth: depth + 1)))
                guard take(")") else { throw failure("a group has no end") }
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
                guard let last = items.popLast() else { throw failure("there is nothing to repeat") }
                let (least, most) = try count(nested: depth > 0)
                items.append(.repeated(last, least: least, most: most))
            case _ where Self.isOfName(byte): items.append(.rule(try name()))
            default: return items
            }
            skipSpace(withNewlines: depth > 0)
        }
        return items
    }

    private mutating func count(nested: Bool) throws(Failure) -> (Int, Int?) {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        position += 1
        skipSpace(withNewlines: nested)
        let least = try number()
        skipSpace(withNewlines: nested)
        if take("}") { return (least, least) }
        guard take(",") else { throw failure("a count has no end") }
        skipSpace(withNewlines: nested)
        let most = isNext("}") ? nil : try number()
        skipSpace(withNewlines: nested)
        guard take("}") else { throw failure("a count has no end") }
        return (least, most)
    }

    private mutating func number() throws(Failure) -> Int {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw failure("a count is missing") }
        return Int(String(decoding: bytes[start..<position], as: UTF8.self)) ?? Int.max
    }

    // What stands for characters.

    private mutating func literal() throws(Failure) -> Int {
        position += 1
        var count = 0
        while !take("\"") {
            try character()
            count += 1
        }
        return count
    }

    private mutating func characterClass() throws(Failure) -> Int {
        position += 1
        _ = take("^")
        var count = 0
        while !take("]") {
            try character()
            count += 1
            if isNext("-"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: "]") {
                position += 1
                try character()
                count += 1
            }
        }
        guard count > 0 else { throw failure("a class of characters is empty") }
        return count
    }

    private mutating func character() throws(Failure) {
        guard let byte = next else { throw failure("a literal, or a class of characters, has no end") }
        position += 1
        guard byte == UInt8(ascii: "\\") else {
            while let byte = next, byte & 0b1100_0000 == 0b1000_0000 { position += 1 }
            return
        }
        guard let escape = next else { throw failure("an escape has no end") }
        position += 1
        switch escape {
        case UInt8(ascii: "x"): try hexadecimal(2)
        case UInt8(ascii: "u"): try hexadecimal(4)
        case UInt8(ascii: "U"): try hexadecimal(8)
        case _ where #"trn\"[]-"#.utf8.contains(escape): break
        default: throw failure("an escape is not known; these are: \\x \\u \\U \\t \\r \\n \\\\ \\\" \\[ \\] \\-")
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(Failure) {
        for _ in 0..<count {
            guard let byte = next, Character(Unicode.Scalar(byte)).isHexDigit else {
                throw failure("an escape has too few hexadecimal digits")
            }
            position += 1
        }
    }

    private mutating func token() throws(Failure) {
        _ = take("!")
        guard take("<") else { throw failure("a token begins with <") }
        while let byte = next, byte != UInt8(ascii: ">"), byte != 0x0A { position += 1 }
        guard take(">") else { throw failure("a token has no end") }
    }
}
