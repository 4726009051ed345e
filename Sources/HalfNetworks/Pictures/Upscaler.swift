import CHalf
import Foundation
import Inference
import NetworkPlans

/// A network that enlarges pictures, computed in binary16 step by step, with the weights of its graph.
///
/// Convolutions take Winograd's transforms, which compute four rows of two pixels together: how a pixel is rounded depends
/// on which of these it is, and a little on pixels that cancel out. Tiles that begin at multiples of four agree but for a few
/// last bits near what was cut off.
package final class Upscaler {
    private struct Step {
        var plan: UpscalerPlan.Step
        var convolution: Convolution?
        /// Tensors that no later step reads.
        var releases: [Int]
    }

    private let steps: [Step]
    private let scale: Int
    private let team: ComputeTeam
    private var idle: [Planes.Size: [Planes]] = [:]
    private var lastSize: (width: Int, height: Int)?

    private static let colours = 3
    /// Larger than any network's: Real-ESRGAN's have 192 at most.
    private static let channelLimit = 1024

    /// Reads the network of a folder.
    ///
    /// - Returns: `nil` where the folder has no plan of steps, or the network is none that they can say.
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the files are damaged.
    package init?(folder: String, scale: Int, team: ComputeTeam) throws(InferenceError) {
        guard HalfArithmetic.isAvailable,
            let json = FileManager.default.contents(atPath: "\(folder)/\(UpscalerPlan.fileName)")
        else { return nil }
        guard let plan = try? JSONDecoder().decode(UpscalerPlan.self, from: json) else { throw WeightFile.damaged }
        guard !plan.steps.isEmpty else { return nil }
        steps = try Self.prepare(plan, WeightFile("\(folder)/model.bin"), scale: scale)
        self.scale = scale
        self.team = team
    }

    /// Follows the tensors' channels and sizes through the steps, so that computing them need not check anything.
    private static func prepare(
        _ plan: UpscalerPlan, _ file: WeightFile, scale: Int
    ) throws(InferenceError) -> [Step] {
        var shapes: [Int: (channels: Int, scale: Int)] = [0: (colours, 1)]
        var steps: [Step] = []
        for step in plan.steps {
            var inputs: [(channels: Int, scale: Int)] = []
            for number in step.reads {
                guard let shape = shapes[number] else { throw WeightFile.damaged }
                inputs.append(shape)
            }
            guard let first = inputs.first, !step.inputs.isEmpty, inputs.allSatisfy({ $0.scale == first.scale }),
                (1...channelLimit).contains(step.channels), shapes[step.output] == nil,
                step.addend == nil || step.kind == .convolution
            else { throw WeightFile.damaged }
            let shape = try Self.shape(of: step, inputs)
            guard shape.scale <= scale else { throw WeightFile.damaged }
            shapes[step.output] = shape
            let convolution =
                step.kind == .convolution ? try Convolution(step, inputs: first.channels, file) : nil
            steps.append(Step(plan: step, convolution: convolution, releases: []))
        }
        guard let last = plan.steps.last, let result = shapes[last.output], result == (colours, scale) else {
            throw WeightFile.damaged
        }
        var seen: Set = [last.output]
        for index in steps.indices.reversed() {
            steps[index].releases = steps[index].plan.reads.filter { seen.insert($0).inserted }
        }
        return steps
    }

    private static func shape(
        of step: UpscalerPlan.Step, _ inputs: [(channels: Int, scale: Int)]
    ) throws(InferenceError) -> (channels: Int, scale: Int) {
        let (channels, scale) = (inputs[0].channels, inputs[0].scale)
        switch step.kind {
        case .convolution:
            let fits = inputs.count == 1 || (inputs[1].channels == step.channels && step.factors?.count == 2)
            guard step.inputs.count == 1, fits else { throw WeightFile.damaged }
            return (step.channels, scale)
        case .sum:
            guard inputs.count == 2, step.factors?.count == 2, channels == step.channels,
                inputs[1].channels == channels
            else { throw WeightFile.damaged }
            return (channels, scale)
        case .join:
            guard inputs.reduce(0, { $0 + $1.channels }) == step.channels else { throw WeightFile.damaged }
            return (step.channels, scale)
        case .repeat, .shuffle:
            guard let factor = step.factor, (1...8).contains(factor), inputs.count == 1,
                channels == (step.kind == .repeat ? step.channels : step.channels * factor * factor)
            else { throw WeightFile.damaged }
            return (step.channels, scale * factor)
        }
    }

    /// Enlarges a picture.
    ///
    /// - Parameters:
    ///   - pixels: RGB, `3 · width · height` bytes.
    ///   - threads: that may compute.
    /// - Returns: RGB, enlarged; `nil` where a number left the range of binary16, so that the result means nothing.
    package func enlarge(_ pixels: [UInt8], width: Int, height: Int, threads: Int) -> [UInt8]? {
        precondition(pixels.count == Self.colours * width * height && width > 0 && height > 0, "the picture's pixels")
        // Memory is kept for the next tile, which mostly is as large.
        if let lastSize, lastSize != (width, height) { idle = [:] }
        lastSize = (width, height)
        let picture = PlaneTensor([planes(.init(channels: Self.colours, width: width, height: height))])
        picture.withDescription { half_read_pixels(pixels, $0) }
        var tensors: [Int: PlaneTensor] = [0: picture]
        for step in steps {
            tensors[step.plan.output] = compute(step, tensors, Int32(threads))
            for number in step.releases { tensors[number] = nil }
            reclaim(tensors)
        }
        defer { giveBack() }
        guard let last = steps.last, let result = tensors[last.plan.output] else { return nil }
        var isFinite = true
        let enlarged = [UInt8](unsafeUninitializedCapacity: pixels.count * scale * scale) { bytes, count in
            isFinite = result.withDescription {
                half_write_pixels(team.pointer, Int32(threads), $0, bytes.baseAddress)
            }
            count = pixels.count * scale * scale
        }
        return isFinite ? enlarged : nil
    }

    // MARK: Steps

    private func compute(_ step: Step, _ tensors: [Int: PlaneTensor], _ threads: Int32) -> PlaneTensor {
        /// `prepare` has checked that every tensor that a step reads is made by an earlier one.
        func made(_ number: Int) -> PlaneTensor {
            guard let tensor = tensors[number] else { preconditionFailure("a step reads a tensor that no step made") }
            return tensor
        }
        let inputs = step.plan.inputs.map(made)
        let input = inputs[0]
        if step.plan.kind == .join { return PlaneTensor(inputs.flatMap(\.pieces)) }
        let factor = step.plan.factor ?? 1
        let output = PlaneTensor([
            planes(
                .init(channels: step.plan.channels, width: factor * input.width, height: factor * input.height))
        ])
        input.withDescription { input in
            output.withDescription { output in
                switch step.plan.kind {
                case .convolution:
                    let addend = step.plan.addend.map(made)
                    convolve(step, input, addend, output, threads)
                case .sum:
                    let factors = step.plan.factors ?? []
                    inputs[1].withDescription { other in
                        half_add(team.pointer, threads, input, factors[0], other, factors[1], output)
                    }
                case .repeat: half_repeat(team.pointer, threads, input, factor, output)
                case .shuffle: half_shuffle(team.pointer, threads, input, factor, output)
                case .join: break
                }
            }
        }
        return output
    }

    private func convolve(
        _ step: Step, _ input: UnsafePointer<half_tensor>, _ addend: PlaneTensor?,
        _ output: UnsafePointer<half_tensor>, _ threads: Int32
    ) {
        let convolution = step.convolution?.pointer
        guard let addend, let factors = step.plan.factors else {
            half_convolve(team.pointer, threads, convolution, input, half_sum(rest: nil, own: 1, other: 0), output)
            return
        }
        addend.withDescription { rest in
            let sum = half_sum(rest: rest, own: factors[0], other: factors[1])
            half_convolve(team.pointer, threads, convolution, input, sum, output)
        }
    }

    // MARK: Memory

    /// What the tensors of the picture that is computed lie in.
    private var inUse: [Planes] = []

    private func planes(_ size: Planes.Size) -> Planes {
        let planes = idle[size]?.popLast() ?? Planes(size)
        inUse.append(planes)
        return planes
    }

    /// What is kept for the next tile, in bytes. More is given back to the system: to fetch it anew takes a hundredth of the
    /// time that is computed on it.
    private static let mostKept = 64 << 20

    private func giveBack() {
        reclaim([:])
        var left = Self.mostKept
        for size in idle.keys.sorted(by: { $0.byteCount < $1.byteCount }) {
            let kept = (idle[size] ?? []).prefix(left / size.byteCount)
            idle[size] = Array(kept)
            left -= kept.count * size.byteCount
        }
    }

    /// Takes back what no tensor lies in any more.
    private func reclaim(_ tensors: [Int: PlaneTensor]) {
        let kept = Set(tensors.values.flatMap(\.pieces).map(ObjectIdentifier.init))
        for planes in inUse where !kept.contains(ObjectIdentifier(planes)) {
            idle[planes.size, default: []].append(planes)
        }
        inUse.removeAll { !kept.contains(ObjectIdentifier($0)) }
    }
}
