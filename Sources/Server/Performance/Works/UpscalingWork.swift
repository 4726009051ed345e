import Inference
import ModelStore
import Performance

/// A picture to enlarge.
struct UpscalingWork: PerformanceWork {
    let service: any ModelService
    let model: InstalledModel
    let result = "Image variation performance measured."

    func description(_ size: WorkSize) -> String {
        "a picture of \(WorkPicture.side) × \(WorkPicture.side) pixels, enlarged"
    }

    func perform(_ trial: Int, size: WorkSize) async throws -> WorkResult {
        let start = ContinuousClock.now
        let picture = try await service.upscale(WorkPicture.png, with: model, traceparent: nil)
        let seconds = start.secondsSince
        let megapixels = Double(picture.width * picture.height) / 1_000_000
        return WorkResult(
            seconds: seconds, metrics: [.megapixelsPerSecond: megapixels / max(seconds, .leastNonzeroMagnitude)])
    }
}
