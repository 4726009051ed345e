import Foundation
import Inference

/// What the engine has to know of a network that enlarges pictures: the file `upscaler.json` beside it.
package struct UpscalerSettings: Codable, Sendable, Equatable {
    /// The factor, in each direction.
    package var scale: Int
    /// Pixels at a tile's edge whose results are thrown away, because what they depend on was cut off.
    package var context: Int
    /// Pixels over which neighbouring tiles are blended into each other, beyond the context; 0 where the context is all
    /// that a pixel can depend on.
    package var blend: Int
    /// The side of the largest square that is computed at once, in pixels of the input. Memory grows with its square.
    package var tile: Int

    package init(scale: Int, context: Int, blend: Int, tile: Int) {
        self.scale = scale
        self.context = context
        self.blend = blend
        self.tile = tile
    }

    package static let fileName = "upscaler.json"

    private static let scales = 1...8
    private static let contexts = 0...256
    /// More would take gigabytes with the networks that there are.
    private static let tiles = 32...2048

    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the file is missing or makes no sense.
    package init(folder: String) throws(InferenceError) {
        do {
            let data = try Data(contentsOf: URL(filePath: "\(folder)/\(Self.fileName)"))
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch {
            throw InferenceError(
                .unavailable, "The model has no \(Self.fileName) that can be read; install the model again.",
                parameter: "model")
        }
        guard Self.scales.contains(scale), Self.contexts.contains(context), Self.contexts.contains(blend),
            Self.tiles.contains(tile), 2 * (2 * context + blend) <= tile
        else {
            throw InferenceError(
                .unavailable, "The model's \(Self.fileName) makes no sense; install the model again.",
                parameter: "model")
        }
    }
}
