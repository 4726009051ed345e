import Foundation
import Inference
import Media

/// Writes down what a window holds. One thread owns it.
///
/// The procedure is that of Whisper's authors (A. Radford et al., 2022, section 4.5, and their program): decoding starts at the
/// lowest temperature, and again at a higher one where the text repeats itself or is unlikely; a window that the model
/// takes for silence, and whose text it finds unlikely, has no text.
final class Recognizer {
    private let model: any SpeechModel
    private let text: WhisperText
    private let decoder: WindowDecoder
    /// The device that computes the model.
    var device: String { model.device }
    private var random = SplitMix(seed: 0)

    /// Text that compresses better than this repeats itself.
    private static let highestCompression: Float = 2.4
    /// Text whose mean logprob is lower is not believed.
    private static let lowestLogprob: Float = -1
    /// The chance of silence above which a window may be silent.
    private static let silence: Float = 0.6
    /// Text that took a higher temperature is not continued.
    private static let highestContinued: Float = 0.5
    private static let temperatureStep: Float = 0.2

    init(_ model: any SpeechModel, _ text: WhisperText) {
        self.model = model
        self.text = text
        decoder = WindowDecoder(model)
    }

    var settings: WhisperSettings { model.settings }

    /// - Throws: ``Inference/InferenceError``; `CancellationError` between two steps of decoding; OpenVINO's errors.
    func recognize(_ task: WindowTask) throws -> WindowText {
        random = SplitMix(seed: UInt64(task.window.frames.lowerBound))
        try model.hear(task.window.spectrogram)
        let language = try task.language ?? spokenLanguage()
        let beginning = beginning(language, translates: task.translates)
        let previous = previous(task.previous, beside: beginning.count)
        let decoded = try decode(task, previous: previous, beginning: beginning)
        var result = WindowText(
            language: language, segments: [], next: task.window.frames.upperBound, isContinued: true, tokens: [],
            lastEnd: task.lastEnd, decodedTokens: decoded.answer.choices.count,
            readTokens: previous.count + beginning.count)
        guard !isSilence(decoded.answer) else { return result }
        result.isContinued = decoded.temperature <= Self.highestContinued
        try write(decoded, task, beginning: beginning, into: &result)
        return result
    }

    // MARK: Languages

    private func spokenLanguage() throws -> String {
        guard let first = settings.firstLanguage, settings.isMultilingual else {
            return settings.languages.first ?? "en"
        }
        try model.restart()
        let best = try model.evaluate([settings.tokens.startOfTranscript], order: [0]) { logits in
            settings.languages.indices.max { logits[Int(first) + $0] < logits[Int(first) + $1] }
        }
        return best.map { settings.languages[$0] } ?? "en"
    }

    private func beginning(_ language: String, translates: Bool) -> [Int32] {
        let tokens = settings.tokens
        guard settings.isMultilingual, let first = settings.firstLanguage,
            let index = settings.languages.firstIndex(of: language)
        else { return [tokens.startOfTranscript] }
        return [
            tokens.startOfTranscript, first + Int32(index), translates ? tokens.translate : tokens.transcribe,
        ]
    }

    /// What is read before the window's text: no more than half of what the model reads.
    private func previous(_ tokens: [Int32], beside count: Int) -> [Int32] {
        guard !tokens.isEmpty else { return [] }
        return [settings.tokens.startOfPrevious] + tokens.suffix(settings.textPositions / 2 - 1)
    }

    // MARK: Decoding

    private struct Decoded {
        var answer: WindowDecoder.Answer
        var text: String
        var temperature: Float
        var compressionRatio: Float
    }

    private func decode(_ task: WindowTask, previous: [Int32], beginning: [Int32]) throws -> Decoded {
        var temperature = max(0, task.temperature)
        while true {
            let answer = try decoder.decode(
                previous: previous, beginning: beginning,
                DecodingStrategy(temperature: temperature, beamSize: task.beamSize), using: &random)
            let text = text.text(of: answer.choices.map(\.token)).trimmed
            let decoded = Decoded(
                answer: answer, text: text, temperature: temperature, compressionRatio: CompressionRatio.of(text))
            let isDoubtful =
                decoded.compressionRatio > Self.highestCompression || answer.averageLogprob < Self.lowestLogprob
            let hotter = ((temperature + Self.temperatureStep) * 100).rounded() / 100
            guard isDoubtful, !isSilence(answer), hotter <= 1 else { return decoded }
            temperature = hotter
        }
    }

    private func isSilence(_ answer: WindowDecoder.Answer) -> Bool {
        answer.noSpeechProbability > Self.silence && answer.averageLogprob <= Self.lowestLogprob
    }

    // MARK: Writing

    private func write(_ decoded: Decoded, _ task: WindowTask, beginning: [Int32], into result: inout WindowText) throws
    {
        let frames = task.window.frames
        let offset = Double(frames.lowerBound) / Double(SpectrogramStream.framesPerSecond)
        let end = Double(frames.upperBound) / Double(SpectrogramStream.framesPerSecond)
        let cut = Segmentation(
            decoded.answer.choices, frames: frames.count, firstTimestamp: settings.tokens.firstTimestamp)
        var segments = cut.segments.enumerated().map { id, segment in
            TranscriptionSegment(
                id: id, seek: frames.lowerBound, start: min(offset + segment.start, end),
                end: min(offset + segment.end, end), text: text.text(of: segment.choices.map(\.token)),
                tokens: segment.choices.map(\.token), temperature: decoded.temperature,
                averageLogprob: decoded.answer.averageLogprob, compressionRatio: decoded.compressionRatio,
                noSpeechProbability: decoded.answer.noSpeechProbability)
        }
        result.next = frames.lowerBound + cut.frames
        if task.timesWords {
            try time(cut, task, beginning: beginning, &segments, &result)
        }
        // What has no length or no text says nothing.
        result.segments = segments.filter { $0.start < $0.end && !$0.text.trimmed.isEmpty }
        result.tokens = result.segments.flatMap(\.tokens)
        for index in result.segments.indices { result.segments[index].id = index }
    }

    private func time(
        _ cut: Segmentation, _ task: WindowTask, beginning: [Int32], _ segments: inout [TranscriptionSegment],
        _ result: inout WindowText
    ) throws {
        let frames = task.window.frames
        let offset = Double(frames.lowerBound) / Double(SpectrogramStream.framesPerSecond)
        let spoken = cut.segments.map { $0.choices.filter { $0.token < settings.tokens.endOfText } }
        let timer = WordTimer(model, text, language: result.language, beginning: beginning)
        let words = SegmentWords(try timer.words(of: Array(spoken.joined()), frames: frames.count))
        words.give(to: &segments, textCounts: spoken.map(\.count), offset: offset, lastEnd: &result.lastEnd)
        // The last word's end is truer than the timestamp.
        guard !cut.reachesEnd, let last = segments.last(where: { $0.words?.isEmpty == false })?.end, last > offset
        else { return }
        let next = Int((last * Double(SpectrogramStream.framesPerSecond)).rounded())
        result.next = min(max(next, frames.lowerBound + 1), frames.upperBound)
    }
}
