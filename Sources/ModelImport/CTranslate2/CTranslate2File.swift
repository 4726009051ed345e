/// The variables of a CTranslate2 model (`model.bin`): little-endian; a version, the name and revision of the model's
/// kind, then each variable with its name, shape, type and bytes, then names that stand for others
/// (https://github.com/OpenNMT/CTranslate2, `ModelSpec._serialize`).
///
/// The file comes from the internet. Every length in it is held against its size before it is believed.
package struct CTranslate2File: Sendable {
    package enum ElementType: UInt8, Sendable {
        case f32, i8, i16, i32, f16, bf16

        var byteCount: Int {
            switch self {
            case .i8: 1
            case .i16, .f16, .bf16: 2
            case .f32, .i32: 4
            }
        }
    }

    package struct Variable: Sendable {
        package var type: ElementType
        /// Empty for a single number.
        package var shape: [Int]
        package var data: IRData
    }

    /// The file's name, for messages.
    package let name: String
    /// What kind of model it is, such as `WhisperSpec`.
    package let specification: String
    private let variables: [String: Variable]

    private static let version = 6
    private static let rankLimit = 8

    /// - Throws: ``ModelImportError``: `unreadable`, `malformed` where the file is not what its lengths say, or
    ///   `unsupported` where it is of another version.
    package init(_ path: String) throws(ModelImportError) {
        let file = try FileReader(path)
        name = file.name
        var cursor = Cursor(file)
        let version = try cursor.integer(4)
        guard version == Self.version else {
            throw ModelImportError(
                .unsupported,
                "\(file.name) is not a CTranslate2 model of version \(Self.version). Convert the model with a current "
                    + "version of CTranslate2.")
        }
        specification = try cursor.text()
        _ = try cursor.integer(4)
        var variables = try Self.variables(&cursor)
        try Self.addAliases(&cursor, to: &variables)
        guard cursor.isAtEnd else { throw cursor.malformed("it has bytes that belong to no variable") }
        self.variables = variables
    }

    package subscript(name: String) -> Variable? { variables[name] }

    /// The names of all variables, sorted.
    package var names: [String] { variables.keys.sorted() }

    /// A single whole number; `nil` where there is none of this name.
    func integer(_ name: String) throws(ModelImportError) -> Int? {
        guard let variable = variables[name], variable.shape.isEmpty else { return nil }
        let bytes = try variable.data.bytes()
        let bits = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return switch variable.type {
        case .i8: Int(Int8(truncatingIfNeeded: bits))
        case .i16: Int(Int16(truncatingIfNeeded: bits))
        case .i32: Int(Int32(truncatingIfNeeded: bits))
        case .f32, .f16, .bf16: nil
        }
    }

    private static func variables(_ cursor: inout Cursor) throws(ModelImportError) -> [String: Variable] {
        var variables: [String: Variable] = [:]
        for _ in 0..<(try cursor.integer(4)) {
            let name = try cursor.text()
            let rank = try cursor.integer(1)
            guard rank <= rankLimit else { throw cursor.malformed("'\(name)' has \(rank) dimensions") }
            var shape: [Int] = []
            for _ in 0..<rank { shape.append(try cursor.integer(4)) }
            let number = try cursor.integer(1)
            guard let type = ElementType(rawValue: UInt8(number)) else {
                throw cursor.malformed("'\(name)' is of the type \(number), which is not known")
            }
            let count = try cursor.integer(4)
            guard
                elements(of: shape).flatMap({ count.isMultiple(of: type.byteCount) ? $0 : nil }) == count
                    / type.byteCount
            else { throw cursor.malformed("'\(name)' has not the size of its shape") }
            guard variables[name] == nil else { throw cursor.malformed("it has '\(name)' twice") }
            variables[name] = Variable(type: type, shape: shape, data: try cursor.data(count))
        }
        return variables
    }

    private static func addAliases(
        _ cursor: inout Cursor, to variables: inout [String: Variable]
    ) throws(ModelImportError) {
        for _ in 0..<(try cursor.integer(4)) {
            let (alias, name) = (try cursor.text(), try cursor.text())
            guard let variable = variables[name], variables[alias] == nil else {
                throw cursor.malformed("'\(alias)' stands for nothing")
            }
            variables[alias] = variable
        }
    }

    /// The product of the dimensions; `nil` where it is none.
    private static func elements(of shape: [Int]) -> Int? {
        var count = 1
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            count = product
        }
        return count
    }
}

/// A place in the file that moves on with what is read.
private struct Cursor {
    private let file: FileReader
    private var position = 0

    /// No name of a variable is longer.
    private static let textLimit = 1024

    init(_ file: FileReader) {
        self.file = file
    }

    var isAtEnd: Bool { position == file.count }

    /// Without a sign, of up to four bytes.
    mutating func integer(_ width: Int) throws(ModelImportError) -> Int {
        try file.read(take(width)).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Its length with the closing zero in two bytes, then its characters.
    mutating func text() throws(ModelImportError) -> String {
        let length = try integer(2)
        guard (1...Self.textLimit).contains(length) else { throw malformed("a name would have \(length) bytes") }
        let bytes = try file.read(take(length))
        guard bytes.last == 0, let text = String(validating: bytes.dropLast(), as: UTF8.self) else {
            throw malformed("a name is no text")
        }
        return text
    }

    mutating func data(_ count: Int) throws(ModelImportError) -> IRData {
        IRData(file, try take(count))
    }

    private mutating func take(_ count: Int) throws(ModelImportError) -> Range<Int> {
        guard count <= file.count - position else { throw malformed("it ends too early") }
        defer { position += count }
        return position..<(position + count)
    }

    func malformed(_ reason: String) -> ModelImportError {
        ModelImportError(.malformed, "\(file.name) is not a sound CTranslate2 model: \(reason). Download it again.")
    }
}
