#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A picture in a message: `data:` URLs are taken, others never fetched.
struct ImageURL: Decodable {
    /// The bytes of the picture's file.
    let data: [UInt8]

    private enum Detail: String, CaseIterable {
        case auto, low, high, original
    }

    private enum CodingKeys: String, CodingKey {
        case url, detail
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.url, "a string")
        let url = fields.text(.url)
        let hasKnownDetail = !fields.isPresent(.detail) || fields.choice(.detail, of: Detail.self) != nil
        guard let url else { throw FaultGathered() }
        let scheme = url.prefix { $0 != ":" }.lowercased()
        switch scheme {
        case "data":
            guard let data = url.contentsOfDataURL(of: "image/") else {
                fields.fault(.invalidValue, .url, "expected `data:image/<type>;base64,` and valid base64")
                throw FaultGathered()
            }
            self.data = Array(data)
        case "http", "https":
            fields.fault(
                .unsupportedValue, .url, "this server fetches nothing from the network; send the image as a `data:` URL"
            )
            throw FaultGathered()
        default:
            fields.fault(.invalidValue, .url, "expected a `data:` URL")
            throw FaultGathered()
        }
        guard hasKnownDetail else { throw FaultGathered() }
    }
}

/// A sound in a message.
struct InputAudio: Decodable {
    /// The bytes of the sound's file.
    let data: [UInt8]

    private enum Format: String, CaseIterable {
        case wav, mp3
    }

    private enum CodingKeys: String, CodingKey {
        case data, format
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.data, "a string")
        fields.require(.format, "wav or mp3")
        let format = fields.choice(.format, of: Format.self)
        guard let text = fields.text(.data) else { throw FaultGathered() }
        guard let data = Data(base64Encoded: text), !data.isEmpty else {
            fields.fault(.invalidValue, .data, "expected valid base64")
            throw FaultGathered()
        }
        guard format != nil else { throw FaultGathered() }
        self.data = Array(data)
    }
}

/// A file in a message.
struct InputFile: Decodable {
    private enum CodingKeys: String, CodingKey {
        case filename
        case fileData = "file_data"
        case fileID = "file_id"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        _ = fields.text(.filename)
        if fields.isPresent(.fileID) {
            fields.fault(.unsupportedParameter, .fileID, "this server keeps no files; send `file_data`")
            throw FaultGathered()
        }
        fields.require(.fileData, "a string")
        guard let data = fields.text(.fileData) else { throw FaultGathered() }
        guard data.contentsOfDataURL(of: "") != nil || Data(base64Encoded: data)?.isEmpty == false else {
            fields.fault(.invalidValue, .fileData, "expected valid base64, alone or as a `data:` URL")
            throw FaultGathered()
        }
    }
}
