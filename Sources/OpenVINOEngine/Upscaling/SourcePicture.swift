import Inference
import Media

/// A picture to be enlarged, cut into windows.
struct SourcePicture: Sendable {
    let grid: TileGrid
    /// Kept apart from the colours: networks for pictures know of no transparency.
    let alpha: Picture?
    private let colours: Picture

    /// Decodes a file. Takes as long as half a second for a large one.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `invalidRequest` where it is no picture that can be read, or too large.
    init(file: [UInt8], settings: UpscalerSettings) throws(InferenceError) {
        let picture: Picture
        do throws(PictureFault) {
            picture = try PictureDecoder(maximumPixels: UpscalingLimits.pixels).decode(file)
        } catch {
            throw InferenceError(.invalidRequest, "This picture cannot be read: \(error.reason).", parameter: "image")
        }
        guard max(picture.width, picture.height) <= UpscalingLimits.side else {
            throw InferenceError(
                .invalidRequest,
                "The picture has \(picture.width) × \(picture.height) pixels; each side may have \(UpscalingLimits.side) "
                    + "at most.",
                parameter: "image")
        }
        (colours, alpha) = picture.separatedAlpha
        grid = TileGrid(width: picture.width, height: picture.height, settings: settings)
    }

    var width: Int { colours.width }
    var height: Int { colours.height }

    /// What the network is to enlarge, in RGB.
    func window(at place: TileGrid.Place) -> Picture {
        grid.count == 1 ? colours : colours.cropped(to: grid.region(place))
    }
}
