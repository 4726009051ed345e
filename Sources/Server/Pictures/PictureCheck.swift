import Inference

/// A picture that came with a request: the file, and the field it came in.
struct SentPicture: Sendable, Equatable {
    let file: [UInt8]
    let field: String
}

extension [SentPicture] {
    /// Refuses pictures that cannot be read, before any process is started for them.
    ///
    /// - Returns: what each file says of itself.
    /// - Throws: ``ValidationFailure`` that names every file that is not what it has to be; else ``APIError`` of status
    ///   413 where one would be too large once decoded.
    @discardableResult
    func check(within limits: PictureLimits) throws -> [PictureFile] {
        var files: [PictureFile] = []
        var faults: [FieldFault] = []
        var tooLarge: APIError?
        for picture in self {
            do throws(MediaFault) {
                files.append(try PictureFile(picture.file, within: limits))
            } catch {
                switch error.kind {
                case .unreadable:
                    faults.append(FieldFault(code: .invalidValue, path: picture.field, message: error.reason))
                case .tooLarge:
                    tooLarge = tooLarge ?? .pictureTooLarge(error, field: picture.field)
                }
            }
        }
        if !faults.isEmpty {
            throw ValidationFailure(
                faults: Array<FieldFault>(faults.prefix(FaultCollector.listed)), count: faults.count)
        }
        if let tooLarge { throw tooLarge }
        return files
    }
}

extension APIError {
    /// A file that is well-formed as far as was read, and would be too large once decoded.
    static func pictureTooLarge(_ fault: MediaFault, field: String) -> APIError {
        APIError(
            status: 413, .invalidRequest, code: "picture_too_large", title: "The picture is too large",
            "\(field): \(fault.reason)", parameter: field)
    }
}
