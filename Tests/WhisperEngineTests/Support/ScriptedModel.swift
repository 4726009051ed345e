import Synchronization
import WhisperEngine

/// A model that says what a script says. Tokens that the script leaves out have the logit −20.
final class ScriptedModel: SpeechModel {
    /// What is likely behind a row's tokens, which begin with what stands before the text.
    typealias Script = (_ window: Int, _ tokens: [Int32]) throws -> [Int32: Float]

    let settings: WhisperSettings
    let device = "cpu"
    private let script: Script
    /// Windows that were heard, counted from 0.
    private(set) var window = -1
    private(set) var spectrograms: [[Float]] = []
    private(set) var rows: [[Int32]] = [[]]
    /// The tokens that each restart was followed by in one call.
    private(set) var prompts: [[Int32]] = []
    /// Rows of each call.
    private(set) var widths: [Int] = []
    private var isFresh = false

    init(_ settings: WhisperSettings, script: @escaping Script) {
        self.settings = settings
        self.script = script
    }

    /// Writes a text as it stands, certain of every token.
    static func reciting(_ settings: WhisperSettings, _ windows: [[Int32]]) -> ScriptedModel {
        ScriptedModel(settings) { window, tokens in
            let begun = (tokens.lastIndex(of: settings.tokens.startOfTranscript) ?? -1) + 1
            let text = tokens[begun...].drop { (258...262).contains($0) }
            let wanted = windows[min(window, windows.count - 1)] + [settings.tokens.endOfText]
            return [wanted[min(text.count, wanted.count - 1)]: 10]
        }
    }

    func hear(_ spectrogram: [Float]) {
        window += 1
        spectrograms.append(spectrogram)
    }

    func restart() {
        rows = [[]]
        isFresh = true
    }

    func evaluate<Result>(
        _ tokens: [Int32], order: [Int32], _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        let count = tokens.count / order.count
        if isFresh { prompts.append(tokens) }
        isFresh = false
        widths.append(order.count)
        rows = order.enumerated().map { rows[Int($1)] + tokens[$0 * count..<($0 + 1) * count] }
        var logits = [Float](repeating: -20, count: order.count * settings.vocabulary)
        for (index, row) in rows.enumerated() {
            for (token, logit) in try script(window, row) { logits[index * settings.vocabulary + Int(token)] = logit }
        }
        return try logits.withUnsafeMutableBufferPointer { try body($0) }
    }

    /// Each token listens a tenth of a second behind the one before.
    func attention(_ tokens: [Int32]) -> AttentionWeights {
        var values = [Float](repeating: 1e-6, count: tokens.count * 1500)
        for index in tokens.indices {
            for place in 0..<5 { values[index * 1500 + 5 * index + place] = 0.2 }
        }
        return AttentionWeights(heads: 1, tokens: tokens.count, positions: 1500, values: values)
    }
}
