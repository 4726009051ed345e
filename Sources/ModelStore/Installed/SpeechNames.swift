import Inference

/// The names by which clients ask for speech recognition without saying which model: `whisper-1` is what OpenAI's service
/// calls its own.
enum SpeechNames {
    static let all = ["whisper", "whisper-1"]

    /// The model that they mean: of those installed that transcribe the largest, one of many languages before one of
    /// English alone. Of equal ones, the first.
    static func model(of models: [InstalledModel]) -> InstalledModel? {
        models.filter { $0.capability == .transcription }.reduce(nil) { best, model in
            guard let best else { return model }
            let (old, new) = (rank(best), rank(model))
            return new > old ? model : best
        }
    }

    private static func rank(_ model: InstalledModel) -> (Int, Double) {
        (isEnglishOnly(model) ? 0 : 1, parameters(model))
    }

    /// OpenAI marks such models by their names: `tiny.en`.
    private static func isEnglishOnly(_ model: InstalledModel) -> Bool {
        ([model.id] + model.aliases).contains { name in
            name.split(whereSeparator: { ".-_".contains($0) }).dropFirst().contains("en")
        }
    }

    /// The count of weights; where it is not known, that of the files' bytes, which is about as much in 8 bits.
    private static func parameters(_ model: InstalledModel) -> Double {
        guard let text = model.parameters, let unit = text.last,
            let factor = ["K": 1e3, "M": 1e6, "B": 1e9][unit], let number = Double(text.dropLast())
        else { return Double(model.sizeBytes) }
        return number * factor
    }
}
