import CSound
import Inference

/// One channel at another rate, by libsoxr in its high quality.
final class Resampler {
    /// `nil` where nothing is to be done.
    private let resampler: OpaquePointer?

    /// - Parameters: samples a second.
    init(from rate: Int, to newRate: Int) throws(MediaFault) {
        guard rate != newRate else {
            resampler = nil
            return
        }
        resampler = dpais_resampler_create(Double(rate), Double(newRate))
        guard resampler != nil else { throw Self.noMemory }
    }

    deinit {
        if let resampler { dpais_resampler_free(resampler) }
    }

    /// Takes some of the input and gives some output, at once or later.
    ///
    /// - Parameter input: `nil` is its end; where nothing is made then, the output has ended.
    /// - Returns: how many samples were taken and made.
    func process(
        _ input: Slice<UnsafeBufferPointer<Float>>?, into output: UnsafeMutableBufferPointer<Float>.SubSequence
    ) throws(MediaFault) -> (used: Int, made: Int) {
        let target = UnsafeMutableBufferPointer(rebasing: output)
        guard let resampler else {
            let count = min(input?.count ?? 0, target.count)
            for index in 0..<count {
                target[index] = input.map { $0[$0.startIndex + index] } ?? 0
            }
            return (count, count)
        }
        let source = input.map { UnsafeBufferPointer(rebasing: $0) }
        var (used, made) = (0, 0)
        let worked = dpais_resampler_process(
            resampler, source?.baseAddress, source?.count ?? 0, &used, target.baseAddress, target.count, &made)
        guard worked else { throw Self.noMemory }
        return (used, made)
    }

    private static let noMemory = MediaFault("there is not enough memory to read the sound")
}
