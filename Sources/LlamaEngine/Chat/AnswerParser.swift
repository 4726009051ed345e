import CLlamaShim
import Foundation
import Inference

/// Takes one answer's text apart as it grows, in the model's own format.
///
/// The library reads an answer from its start every time, so reading at every token would take time that grows with
/// the square of its length: it is read again only after a pause of twenty times what the last reading took.
package struct AnswerParser: AnswerParsing {
    /// Reading takes at most one part in so many of the time.
    private static let pauseFactor = 20

    private let format: AnswerFormat
    private let now: @Sendable () -> Duration
    private var text = ""
    private var nextReading = Duration.zero
    private var report: AnswerReport

    init(_ rendering: TemplateHandle.Rendering) throws {
        let start = ContinuousClock.now
        try self.init(AnswerFormat(rendering)) { start.duration(to: .now) }
    }

    private init(_ format: AnswerFormat, now: @escaping @Sendable () -> Duration) {
        self.format = format
        self.now = now
        report = AnswerReport(waitsForIDs: format.hasIDs)
    }

    /// The same parser before its answer, with a clock of one's own: the time since any moment.
    package func timed(by now: @escaping @Sendable () -> Duration) -> AnswerParser { AnswerParser(format, now: now) }

    package mutating func append(_ text: String) -> [AnswerDelta] {
        self.text += text
        let start = now()
        guard start >= nextReading, var answer = format.read(self.text, isPartial: true) else { return [] }
        answer.content.removeLast(format.lengthOfPartialMark(at: answer.content))
        let end = now()
        nextReading = end + (end - start) * Self.pauseFactor
        return report.add(answer, isWhole: false)
    }

    package mutating func finish(_ reason: FinishReason) -> (deltas: [AnswerDelta], reason: FinishReason) {
        guard let answer = format.read(text, isPartial: reason == .length) else {
            // The model has left its format: what it wrote is the answer as it stands.
            return ([AnswerDelta(text: report.untold(of: text))].filter { !$0.text.isEmpty }, reason)
        }
        var deltas = report.add(answer, isWhole: true)
        if answer.calls.isEmpty {
            // A mark that was begun and not completed is text after all.
            let rest = report.untold(of: text)
            if format.isPartialMark(rest) { deltas.append(AnswerDelta(text: rest)) }
        }
        let called = reason == .stop && !answer.calls.isEmpty && report.argumentsAreJSON
        return (deltas, called ? .toolCalls : reason)
    }

    package var reasoningUTF8Length: Int {
        guard report.hasReasoning else { return 0 }
        if let end = format.endOfThinking(in: text) { return end }
        return report.hasOnlyReasoning ? text.utf8.count : text.utf8.count - report.unreasoned(of: text).utf8.count
    }

    /// Whether a text without any marks is read as something else than that text.
    var changesPlainText: Bool {
        let probe = "A line, 1 < 2.\n\n Another {line}\n"
        return format.thinks || format.read(probe, isPartial: false)?.content != probe
    }
}
