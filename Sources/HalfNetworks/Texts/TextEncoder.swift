import CHalf
import Foundation
import Inference
import NetworkPlans

/// An encoder of the BERT family, computed in binary16 with the weights of its graph. Texts of a batch lie one after
/// another: none is padded, and a batch costs the sum of their lengths.
package final class TextEncoder: Sendable {
    private let weights: EncoderWeights
    private let words: WeightTable
    /// What a token is added for its position and type: [positions, width], or one row for all where positions are
    /// rotated.
    private let addends: [Float]
    private let hasRowForEachPosition: Bool

    /// Components of a state.
    package let width: Int
    /// The most tokens of a text.
    package let maximumLength: Int
    /// Words that it knows.
    package var vocabularySize: Int { words.rows }

    /// Reads the encoder of a folder.
    ///
    /// - Returns: `nil` where the folder has no plan of an encoder, or its sizes are not made of whole registers.
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the files are damaged.
    package init?(folder: String) throws(InferenceError) {
        guard HalfArithmetic.isAvailable,
            let json = FileManager.default.contents(atPath: "\(folder)/\(EncoderPlan.fileName)")
        else { return nil }
        guard let plan = try? JSONDecoder().decode(EncoderPlan.self, from: json) else { throw WeightFile.damaged }
        guard plan.isComputable else { return nil }
        let file = try WeightFile("\(folder)/model.bin")
        width = plan.width
        words = try file.table(plan.words)
        guard words.width == plan.width else { throw WeightFile.damaged }
        let type = try plan.type.map { place throws(InferenceError) in try file.numbers(place, shape: [plan.width]) }
        let typed = type ?? [Float](repeating: 0, count: plan.width)
        hasRowForEachPosition = plan.rotation == nil
        if let rotation = plan.rotation {
            guard rotation.isSensible(headWidth: plan.width / plan.heads) else { throw WeightFile.damaged }
            maximumLength = rotation.length
            addends = typed
        } else {
            addends = try Self.positions(plan, typed, file)
            maximumLength = addends.count / plan.width
        }
        weights = try EncoderWeights(plan, file)
    }

    private static func positions(
        _ plan: EncoderPlan, _ type: [Float], _ file: WeightFile
    ) throws(InferenceError) -> [Float] {
        guard let place = plan.positions else { throw WeightFile.damaged }
        let table = try file.table(place)
        guard table.width == plan.width, plan.firstPosition >= 0, plan.firstPosition < table.rows else {
            throw WeightFile.damaged
        }
        let count = (table.rows - plan.firstPosition) * plan.width
        return [Float](unsafeUninitializedCapacity: count) { numbers, filled in
            for position in 0..<(table.rows - plan.firstPosition) {
                let row = UnsafeMutableBufferPointer(rebasing: numbers[(position * plan.width)...])
                table.read(row: plan.firstPosition + position, into: row)
                for component in 0..<plan.width { row[component] += type[component] }
            }
            filled = count
        }
    }

    /// Computes the states of texts' tokens.
    ///
    /// - Parameters:
    ///   - texts: their tokens, all known words; no text empty or longer than ``maximumLength``.
    ///   - workspace: the calling thread's.
    ///   - team: that computes; `nil` for the calling thread alone.
    ///   - threads: of the team that may.
    /// - Returns: row-major, shape [all tokens, width], text after text; `nil` where a number left the range of binary16, so
    ///   that they mean nothing.
    package func states(
        of texts: [[Int32]], in workspace: EncoderWorkspace, team: ComputeTeam? = nil, threads: Int = 1
    ) -> [Float]? {
        let lengths = texts.map(\.count)
        precondition(lengths.allSatisfy { $0 > 0 && $0 <= maximumLength }, "texts that the model reads")
        let count = lengths.reduce(0, +) * width
        var isFinite = true
        let states = [Float](unsafeUninitializedCapacity: count) { states, filled in
            var start = 0
            for text in texts {
                embed(text, into: UnsafeMutableBufferPointer(rebasing: states[start..<(start + text.count * width)]))
                start += text.count * width
            }
            isFinite = withExtendedLifetime((weights, workspace, team)) {
                withUnsafePointer(to: weights.encoder) { encoder in
                    half_encode(
                        encoder, workspace.pointer, team?.pointer, Int32(threads), lengths, lengths.count,
                        states.baseAddress)
                }
            }
            filled = count
        }
        return isFinite ? states : nil
    }

    private func embed(_ text: [Int32], into states: UnsafeMutableBufferPointer<Float>) {
        let step = hasRowForEachPosition ? width : 0
        addends.withUnsafeBufferPointer { addends in
            for (position, token) in text.enumerated() {
                let row = UnsafeMutableBufferPointer(rebasing: states[(position * width)..<((position + 1) * width)])
                words.read(row: Int(token), into: row)
                for component in 0..<width { row[component] += addends[position * step + component] }
            }
        }
    }
}

/// Memory of one thread that encodes; it grows to what its largest batch took.
package final class EncoderWorkspace {
    let pointer: OpaquePointer

    package init() {
        guard let pointer = half_workspace_create() else { fatalError("out of memory") }
        self.pointer = pointer
    }

    deinit { half_workspace_destroy(pointer) }
}
