import NIOCore

/// Gathers the fields of a form while it arrives, each within its limit. Fields that nobody asked for are passed over,
/// and none of their bytes is kept.
struct FormIntake: Sendable {
    private let fields: [String: FormField]
    private var parser: MultipartParser
    private var current: FormField?
    private var values: [String: [UInt8]] = [:]
    private var faults: [FieldFault] = []

    init(_ fields: [FormField], boundary: MultipartBoundary) {
        self.fields = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        parser = MultipartParser(boundary)
    }

    /// Takes in more of the body.
    ///
    /// - Throws: ``APIError`` where it is no form, or a file is over its limit.
    mutating func take(_ piece: ByteBuffer) throws(APIError) {
        parser.append(piece)
        while let event = try parser.next() {
            switch event {
            case .partBegins(let head): begin(head)
            case .data(let data): try add(data)
            case .partEnds: current = nil
            }
        }
    }

    /// The form, whole.
    ///
    /// - Throws: ``APIError`` where the body ended early.
    func finish() throws(APIError) -> Form {
        try parser.finish()
        return Form(values: values, faults: faults)
    }

    private mutating func begin(_ head: MultipartHead) {
        current = fields[head.name]
        guard let current else { return }
        if values.updateValue([], forKey: current.name) != nil {
            self.current = nil
            fault(.invalidValue, current, "is there more than once; send it once")
        }
    }

    private mutating func add(_ data: ByteBuffer) throws(APIError) {
        guard let current else { return }
        guard values[current.name, default: []].count + data.readableBytes <= current.limit else {
            guard !current.isFile else { throw .fileTooLarge(current) }
            fault(.outOfRange, current, "expected at most \(current.limit) bytes")
            self.current = nil
            return
        }
        values[current.name, default: []].append(contentsOf: data.readableBytesView)
    }

    private mutating func fault(_ code: FieldFault.Code, _ field: FormField, _ message: String) {
        faults.append(FieldFault(code: code, path: field.name, message: message))
    }
}

extension APIError {
    fileprivate static func fileTooLarge(_ field: FormField) -> APIError {
        var error = APIError(
            status: 413, .invalidRequest, code: "file_too_large", title: "The file is too large",
            "\(field.name): the file is larger than this endpoint takes: \(field.limit) bytes.", parameter: field.name)
        // The rest of it is on its way.
        error.closesConnection = true
        return error
    }
}
