import Foundation
import Inference

/// How pictures are made ready for a CLIP model: what `preprocessor_config.json` says, or what CLIP was trained with.
package struct CLIPPictureSettings: Sendable, Equatable {
    /// The shortest side after resizing, in pixels.
    package var shortestSide = 224
    /// Both sides of the middle that the model sees, in pixels.
    package var crop = 224
    /// What bytes are multiplied with first.
    package var scale = 1.0 / 255
    /// Of red, green and blue.
    package var mean = [0.48145466, 0.4578275, 0.40821073]
    package var deviation = [0.26862954, 0.26130258, 0.27577711]

    package init() {}

    /// Reads the folder's file, if there is one; what it leaves open stays as CLIP has it.
    ///
    /// - Throws: ``Inference/InferenceError``: `unavailable` where the file cannot be read, `unsupported` where it asks
    ///   for other steps than these.
    package init(folder: String) throws(InferenceError) {
        guard let data = FileManager.default.contents(atPath: "\(folder)/preprocessor_config.json") else { return }
        do {
            try apply(JSONDecoder().decode(PreprocessorConfiguration.self, from: data))
        } catch let error as InferenceError {
            throw error
        } catch {
            throw InferenceError(
                .unavailable, "The model's preprocessor_config.json cannot be read; install the model again.")
        }
    }

    private mutating func apply(_ file: PreprocessorConfiguration) throws(InferenceError) {
        for (name, step) in file.steps where step == false {
            throw Self.unsupported("\(name) is off")
        }
        if let filter = file.resample, filter != PreprocessorConfiguration.bicubic {
            throw Self.unsupported("it resizes by the filter \(filter), not bicubically")
        }
        if let size = file.size {
            guard let side = size.shortestSide else { throw Self.unsupported("it resizes to a fixed width and height") }
            shortestSide = side
        }
        if let cropped = file.cropSize {
            guard let side = cropped.square else { throw Self.unsupported("what it cuts out is not square") }
            crop = side
        }
        scale = file.rescaleFactor ?? scale
        mean = file.imageMean ?? mean
        deviation = file.imageDeviation ?? deviation
        guard crop > 0, crop <= shortestSide, shortestSide <= 4096 else {
            throw Self.unsupported("it cuts \(crop) pixels out of \(shortestSide)")
        }
        guard mean.count == 3, deviation.count == 3, deviation.allSatisfy({ $0 > 0 }) else {
            throw Self.unsupported("it does not normalise red, green and blue")
        }
    }

    private static func unsupported(_ reason: String) -> InferenceError {
        InferenceError(
            .unsupported, "This model prepares pictures in a way that is not supported: \(reason).", parameter: "model")
    }
}

/// `preprocessor_config.json`, as far as it concerns CLIP.
private struct PreprocessorConfiguration: Decodable {
    private enum CodingKeys: String, CodingKey {
        case resizes = "do_resize"
        case cropsCentre = "do_center_crop"
        case rescales = "do_rescale"
        case normalizes = "do_normalize"
        case cropSize = "crop_size"
        case rescaleFactor = "rescale_factor"
        case imageMean = "image_mean"
        case imageDeviation = "image_std"
        case resample, size
    }

    /// Pillow's number.
    static let bicubic = 3

    var resizes: Bool?
    var cropsCentre: Bool?
    var rescales: Bool?
    var normalizes: Bool?
    var resample: Int?
    var size: Size?
    var cropSize: Size?
    var rescaleFactor: Double?
    var imageMean: [Double]?
    var imageDeviation: [Double]?

    var steps: [(name: String, isOn: Bool?)] {
        [
            ("do_resize", resizes), ("do_center_crop", cropsCentre), ("do_rescale", rescales),
            ("do_normalize", normalizes),
        ]
    }

    /// One number, in older files, or an object.
    enum Size: Decodable {
        case number(Int)
        case shortestEdge(Int)
        case sides(width: Int, height: Int)

        private enum Key: String, CodingKey {
            case shortestEdge = "shortest_edge"
            case width, height
        }

        init(from decoder: any Decoder) throws {
            if let number = try? decoder.singleValueContainer().decode(Int.self) {
                self = .number(number)
                return
            }
            let sides = try decoder.container(keyedBy: Key.self)
            if let edge = try sides.decodeIfPresent(Int.self, forKey: .shortestEdge) {
                self = .shortestEdge(edge)
            } else {
                self = .sides(
                    width: try sides.decode(Int.self, forKey: .width),
                    height: try sides.decode(Int.self, forKey: .height))
            }
        }

        var shortestSide: Int? {
            switch self {
            case .number(let side), .shortestEdge(let side): side
            case .sides: nil
            }
        }

        var square: Int? {
            switch self {
            case .number(let side), .shortestEdge(let side): side
            case .sides(let width, let height): width == height ? width : nil
            }
        }
    }
}
