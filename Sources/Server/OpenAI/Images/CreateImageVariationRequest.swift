import Inference
import Runners

/// The body of `POST …/images/variations`: a form.
struct CreateImageVariationRequest: Sendable {
    /// The model where none is named.
    static let defaultModel = "realesrgan"
    /// How many times as long the sides of the reply's picture are.
    private static let scale = 4

    static let fields: [FormField] = [
        .file("image", limit: 25_000_000), .text("model"), .text("n"), .text("response_format"), .text("size"),
        .text("user"), .text("keep_alive"),
    ]

    let model: String
    let image: SentPicture
    let keepAlive: KeepAlive?
    /// What the picture's sides should be, as text, once it is enlarged.
    private let size: String?

    private enum ResponseFormat: String, CaseIterable {
        case b64JSON = "b64_json"
        case url
    }

    /// - Throws: ``ValidationFailure`` with all faults of the fields.
    init(_ form: Form) throws {
        var form = form
        image = SentPicture(file: form.requiredFile("image", "a JPEG, PNG or WebP file"), field: "image")
        let model = form.text("model")
        if model == "" { form.fault(.invalidValue, "model", "expected a string that is not empty") }
        self.model = model ?? Self.defaultModel
        if let n = form.integer("n", in: 1...10), n > 1 {
            form.fault(.unsupportedValue, "n", "there is one way to enlarge a picture; send 1, or leave it out")
        }
        if form.choice("response_format", of: ResponseFormat.self) == .url {
            form.fault(
                .unsupportedValue, "response_format", "this server keeps no pictures; send b64_json, or leave it out")
        }
        size = form.text("size")
        if let size, !Self.isSize(size) {
            form.fault(.invalidValue, "size", "expected a width and a height such as 1024x1024, or nothing")
        }
        _ = form.text("user")
        keepAlive = form.keepAlive()
        try form.check()
    }

    /// Checks the picture by what its file says of itself.
    ///
    /// - Throws: ``ValidationFailure`` where it cannot be read, is not square or would not get the size asked for;
    ///   ``APIError`` of status 413 where it is too large.
    func checkImage() throws {
        for picture in try [image].check(within: .upscaling) {
            guard picture.width == picture.height else {
                throw Self.failure(
                    "image", "expected a square picture, found \(picture.width) × \(picture.height) pixels")
            }
            let side = picture.width * Self.scale
            if let size, size != "\(side)x\(side)" {
                throw Self.failure("size", "the picture becomes \(side)x\(side); send that, or leave it out")
            }
        }
    }

    private static func failure(_ field: String, _ message: String) -> ValidationFailure {
        ValidationFailure(faults: [FieldFault(code: .invalidValue, path: field, message: message)], count: 1)
    }

    private static func isSize(_ text: String) -> Bool {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false)
        return sides.count == 2
            && sides.allSatisfy {
                !$0.isEmpty && $0.utf8.count < 7 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }
}
