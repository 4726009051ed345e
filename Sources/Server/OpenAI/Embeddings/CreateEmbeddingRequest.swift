import Inference
import Runners

/// The body of `POST …/embeddings`. Each field's rule is the line that reads it.
package struct CreateEmbeddingRequest: ClosedBody {
    let model: String
    let texts: TextInputs?
    let images: [SentPicture]
    let encoding: EmbeddingEncoding
    let dimensions: Int?
    let keepAlive: KeepAlive?

    package enum Fields: String, CodingKey {
        case model, input, images, dimensions, user
        case encodingFormat = "encoding_format"
        case keepAlive = "keep_alive"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: Fields.self)
        let faultsBefore = decoder.faults.count
        model = fields.requiredText(.model)
        let files = fields.array(.images, of: EncodedPicture.self, count: 0...TextInputs.most) ?? []
        images = files.enumerated().map { SentPicture(file: $1.file, field: "images[\($0)]") }
        if images.isEmpty, !fields.isPresent(.images) || decoder.faults.count == faultsBefore {
            fields.require(.input, TextInputs.expected)
        }
        texts = fields.object(.input, as: TextInputs.self)
        encoding = fields.choice(.encodingFormat, of: EmbeddingEncoding.self) ?? .float
        dimensions = fields.integer(.dimensions, in: 1 ... .max)
        keepAlive = fields.keepAlive(.keepAlive)
        _ = fields.text(.user)
        // Indices can be told only where every element could be read.
        if decoder.faults.count == faultsBefore { checkSizes(fields, decoder.faults, at: decoder.codingPath) }
    }

    private func checkSizes(_ fields: FieldReader<Fields>, _ faults: FaultCollector, at path: [any CodingKey]) {
        guard let texts else { return }
        for (index, input) in texts.inputs.enumerated() where input == .text("") {
            let place: [any CodingKey] = texts.isList ? [Fields.input, AnyKey(intValue: index)] : [Fields.input]
            faults.add(.invalidValue, at: path + place, "expected a string that is not empty")
        }
        if !texts.isList, case .tokens(let tokens)? = texts.inputs.first, tokens.count > TextInputs.most {
            fields.fault(
                .outOfRange, .input,
                "expected at most \(TextInputs.most) token ids, found \(tokens.count); a longer text's are taken in a list"
            )
        }
        let count = texts.inputs.count + images.count
        if count > TextInputs.most {
            fields.fault(
                .outOfRange, .images, "expected at most \(TextInputs.most) texts and images together, found \(count)")
        }
    }
}

extension CreateEmbeddingRequest {
    /// What the rooms below are asked.
    var request: EmbeddingRequest {
        let inputs = (texts?.inputs ?? []).map(EmbeddingRequest.Input.init) + images.map { .image($0.file) }
        return EmbeddingRequest(inputs: inputs, dimensions: dimensions)
    }

    /// The caller's name of a field as the rooms below know it: an input that came alone has no place in a list.
    func field(_ name: String) -> String {
        guard texts?.isList == false, name.hasPrefix("input[0]") else { return name }
        return "input" + name.dropFirst("input[0]".count)
    }
}

extension EmbeddingRequest.Input {
    fileprivate init(_ input: TextInputs.Input) {
        switch input {
        case .text(let text): self = .text(text)
        case .tokens(let tokens): self = .tokens(tokens)
        }
    }
}

/// The file of a picture as a string: base64, alone or as a `data:` URL.
struct EncodedPicture: Decodable {
    let file: [UInt8]

    init(from decoder: any Decoder) throws {
        guard let text = try? decoder.singleValueContainer().decode(String.self) else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(.wrongType, at: decoder.codingPath, "expected a string, found \(found)")
            throw FaultGathered()
        }
        guard let data = text.isDataURL ? text.contentsOfDataURL(of: "") : text.contentsOfBase64 else {
            decoder.faults.add(
                .invalidValue, at: decoder.codingPath,
                "expected valid base64 of a picture's file, alone or as a `data:` URL")
            throw FaultGathered()
        }
        file = Array(data)
    }
}
