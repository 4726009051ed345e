extension LlamaStack {
    /// A picture that a model is to see: a `data:` URL, or an object that holds one or the file itself as base64. Others
    /// are never fetched.
    struct EncodedImage: Decodable, Sendable {
        let file: [UInt8]

        private enum CodingKeys: String, CodingKey {
            case url, data, format
            case formatDescription = "format_description"
        }

        init(from decoder: any Decoder) throws {
            if let url = try? decoder.singleValueContainer().decode(String.self) {
                file = try Self.file(of: url, decoder.faults, at: decoder.codingPath)
                return
            }
            guard JSONKind(from: decoder) == .object else {
                let found = JSONKind(from: decoder).rawValue
                decoder.faults.add(
                    .wrongType, at: decoder.codingPath, "expected a URL or an object, found \(found)")
                throw FaultGathered()
            }
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            _ = fields.text(.format)
            _ = fields.text(.formatDescription)
            if fields.isPresent(.data) {
                guard let picture = fields.object(.data, as: EncodedPicture.self) else { throw FaultGathered() }
                file = picture.file
            } else if fields.isPresent(.url) {
                guard let url = fields.object(.url, as: ImageLocation.self)?.text else { throw FaultGathered() }
                file = try Self.file(of: url, decoder.faults, at: decoder.codingPath + [CodingKeys.url])
            } else {
                decoder.faults.add(
                    .invalidValue, at: decoder.codingPath, "holds no picture; send a `data:` URL, or base64 in `data`")
                throw FaultGathered()
            }
        }

        private static func file(
            of url: String, _ faults: FaultCollector, at path: [any CodingKey]
        ) throws(FaultGathered) -> [UInt8] {
            guard url.isDataURL else {
                let isURL = ["http://", "https://", "file://"].contains(where: url.hasPrefix)
                faults.add(
                    isURL ? .unsupportedValue : .invalidValue, at: path,
                    isURL
                        ? "this server fetches nothing; send the image as a `data:` URL" : "expected a `data:` URL")
                throw FaultGathered()
            }
            guard let data = url.contentsOfDataURL(of: "") else {
                faults.add(.invalidValue, at: path, "expected `data:image/<type>;base64,` and valid base64")
                throw FaultGathered()
            }
            return Array(data)
        }
    }

    /// A URL: a string, or an object with one in it.
    private struct ImageLocation: Decodable {
        let text: String

        private enum CodingKeys: String, CodingKey {
            case uri
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self.text = text
            } else {
                let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
                fields.require(.uri, "a string")
                guard let text = fields.text(.uri) else { throw FaultGathered() }
                self.text = text
            }
        }
    }
}
