import NIOCore

/// Gathers the fields of a form while it arrives, each within its limit. Of fields that nobody asked for no byte is kept.
struct FormIntake: Sendable {
    private let fields: [String: FormField]
    private let refusesOthers: Bool
    private var parser: MultipartParser
    private var current: FormField?
    private var values: [String: [[UInt8]]] = [:]
    private var uploads: [String: UploadedFile] = [:]
    private var faults: [FieldFault] = []

    /// - Parameter refusesOthers: whether fields that are not among those are faults, or are passed over.
    init(_ fields: [FormField], boundary: MultipartBoundary, refusesOthers: Bool = false) {
        self.fields = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.refusesOthers = refusesOthers
        parser = MultipartParser(boundary)
    }

    /// Takes in more of the body. Blocks where a file goes to disk.
    ///
    /// - Throws: ``APIError`` where it is no form, a file is over its limit, or it cannot be kept.
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
        return Form(values: values, uploads: uploads, faults: faults)
    }

    private mutating func begin(_ head: MultipartHead) {
        current = field(named: head.name)
        guard let current else {
            if refusesOthers { refuse(head.name) }
            return
        }
        let count = values[current.name]?.count ?? (uploads[current.name] == nil ? 0 : 1)
        switch current.kind {
        case .texts(let most) where count == most:
            self.current = nil
            fault(.outOfRange, current, "expected at most \(most) values")
        case .text where count > 0, .file where count > 0, .upload where count > 0:
            self.current = nil
            fault(.invalidValue, current, "is there more than once; send it once")
        case .unsupported(let reason):
            self.current = nil
            if !faults.contains(where: { $0.path == current.name }) {
                fault(.unsupportedParameter, current, reason)
            }
        case .upload(let folder): uploads[current.name] = UploadedFile(in: folder)
        case .text, .texts, .file: values[current.name, default: []].append([])
        }
    }

    private func field(named name: String) -> FormField? {
        if let field = fields[name] { return field }
        guard let bracket = name.firstIndex(of: "["), let field = fields[String(name[..<bracket])] else { return nil }
        return field.takesBrackets ? field : nil
    }

    private mutating func add(_ data: ByteBuffer) throws(APIError) {
        guard let current else { return }
        if case .upload = current.kind { return try add(data, to: current) }
        let last = (values[current.name]?.count ?? 1) - 1
        guard values[current.name, default: [[]]][last].count + data.readableBytes <= current.limit else {
            if case .file = current.kind { throw .fileTooLarge(current) }
            fault(.outOfRange, current, "expected at most \(current.limit) bytes")
            self.current = nil
            return
        }
        values[current.name, default: [[]]][last].append(contentsOf: data.readableBytesView)
    }

    private mutating func add(_ data: ByteBuffer, to field: FormField) throws(APIError) {
        guard (uploads[field.name]?.count ?? 0) + data.readableBytes <= field.limit else {
            throw .fileTooLarge(field)
        }
        do throws(UploadFault) {
            try uploads[field.name]?.append(data)
        } catch {
            throw .uploadNotKept(error)
        }
    }

    private mutating func refuse(_ name: String) {
        // Names come from the caller, and may be of any length.
        let shown = name.count > 64 ? name.prefix(64) + "…" : name
        guard faults.count < FaultCollector.listed, !faults.contains(where: { $0.path == shown }) else { return }
        faults.append(FieldFault(code: .unsupportedParameter, path: shown, message: "there is no such field here"))
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

    /// A file of a request could not be written to disk.
    static func uploadNotKept(_ fault: UploadFault) -> APIError {
        var error = APIError(
            status: 500, .server, code: "upload_not_kept", title: "The server could not keep a file",
            "The server could not keep the file that came. \(fault)")
        error.closesConnection = true
        return error
    }
}
