/// The `id=value` pairs of one layer in a `.param` file. What each id means depends on the layer's kind.
///
/// Reading a parameter ticks it off, so that in the end it is known which ones nobody understood.
struct NCNNParameters: Sendable {
    enum Value: Sendable, Equatable {
        case integer(Int)
        case number(Float)
        case array([Float])
    }

    private var unread: [Int: Value] = [:]
    private var values: [Int: Value] = [:]

    /// Ids that ncnn itself looks at, for layers of every kind: hints of shapes, and which optimisations to leave out.
    /// Neither changes what a layer computes.
    private static let hints: Set<Int> = [30, 31]
    /// The old style of arrays has this, less the id.
    private static let arrayBase = -23300
    /// ncnn knows ids from 0 to 31.
    private static let idLimit = 32
    private static let arrayLimit = 1024

    /// - Parameter words: each such as `4=1`, `1=2.0e+00`, `-23301=2,0.5,1` (an array in the old style: its id is
    ///   −23300 − 1, its first element the count) or `1=0.5,1` (an array in the new style).
    /// - Throws: a sentence of what is wrong.
    init(_ words: some Sequence<Substring>) throws(NCNNFault) {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let key = Int(parts[0]) else {
                throw NCNNFault(.malformed, "has '\(word)' where a parameter such as '0=64' is expected")
            }
            let isOldArray = key <= Self.arrayBase
            let id = isOldArray ? Self.arrayBase &- key : key
            guard (0..<Self.idLimit).contains(id) else {
                throw NCNNFault(.malformed, "has the parameter \(key), which no layer can have")
            }
            guard values[id] == nil else { throw NCNNFault(.malformed, "has the parameter \(id) twice") }
            values[id] = try Self.value(parts[1], isOldArray: isOldArray, id: id)
        }
        unread = values.filter { !Self.hints.contains($0.key) }
    }

    private static func value(_ text: Substring, isOldArray: Bool, id: Int) throws(NCNNFault) -> Value {
        if !isOldArray, let integer = Int(text) { return .integer(integer) }
        let elements = text.split(separator: ",", maxSplits: arrayLimit, omittingEmptySubsequences: false)
        var numbers: [Float] = []
        for element in elements {
            guard let number = Float(element), number.isFinite else {
                throw NCNNFault(.malformed, "has '\(text)' as parameter \(id), which is no number")
            }
            numbers.append(number)
        }
        if isOldArray {
            guard let count = numbers.first, count == Float(numbers.count - 1) else {
                throw NCNNFault(.malformed, "has an array as parameter \(id) whose count is wrong")
            }
            return .array(Array(numbers.dropFirst()))
        }
        return numbers.count == 1 ? .number(numbers[0]) : .array(numbers)
    }

    /// The smallest id that nobody has read.
    var firstUnread: Int? { unread.keys.min() }

    /// A whole number.
    mutating func integer(_ id: Int, default missing: Int = 0) throws(NCNNFault) -> Int {
        unread[id] = nil
        switch values[id] {
        case nil: return missing
        case .integer(let value)?: return value
        case .number, .array: throw NCNNFault(.malformed, "needs a whole number as parameter \(id)")
        }
    }

    /// A whole number within limits.
    mutating func integer(
        _ id: Int, default missing: Int = 0, in range: ClosedRange<Int>, as meaning: String
    ) throws(NCNNFault) -> Int {
        let value = try integer(id, default: missing)
        guard range.contains(value) else {
            throw NCNNFault(
                .unsupported,
                "has \(value) as its \(meaning) (parameter \(id)); from \(range.lowerBound) to \(range.upperBound) is known"
            )
        }
        return value
    }

    /// A number of f32.
    mutating func number(_ id: Int, default missing: Float = 0) throws(NCNNFault) -> Float {
        unread[id] = nil
        switch values[id] {
        case nil: return missing
        case .integer(let value)?: return Float(value)
        case .number(let value)?: return value
        case .array?: throw NCNNFault(.malformed, "needs one number as parameter \(id)")
        }
    }

    /// An array; empty where it is not there.
    mutating func array(_ id: Int) throws(NCNNFault) -> [Float] {
        unread[id] = nil
        switch values[id] {
        case nil: return []
        case .array(let values)?: return values
        case .integer, .number: throw NCNNFault(.malformed, "needs an array as parameter \(id)")
        }
    }

    /// A switch whose other positions are not known here.
    ///
    /// - Parameter meaning: what the layer would do otherwise, such as `has 8-bit weights`.
    mutating func require(_ id: Int, is expected: Int = 0, else meaning: String) throws(NCNNFault) {
        let value = try integer(id, default: expected)
        guard value == expected else {
            throw NCNNFault(.unsupported, "\(meaning) (parameter \(id) is \(value)), which is not known here")
        }
    }
}
