import Foundation
import Inference

/// Gives a window's words to its segments, and mends what the alignment often gets wrong around pauses: words that reach
/// over them. The rules are those of Whisper's authors' program.
package struct SegmentWords {
    private static let sentenceEnds: Set = [".", "。", "!", "！", "?", "？"]
    private static let opening = Set("\"'“¿([{-")
    private static let closing = Set("\"'.。,，!！?？:：”)]}、")

    private var words: [WordTimer.Word]
    /// Seconds: the usual length of a word, and the longest one's where it may have been stretched.
    private let usual: Double
    private let longest: Double

    package init(_ words: [WordTimer.Word]) {
        let durations = words.map { $0.end - $0.start }.filter { $0 > 0 }.sorted()
        let middle = durations.count / 2
        let median =
            durations.isEmpty
            ? 0 : durations.count % 2 == 1 ? durations[middle] : (durations[middle - 1] + durations[middle]) / 2
        usual = min(0.7, median)
        longest = 2 * usual
        self.words = words
        if !durations.isEmpty { shortenAtSentences() }
        joinSigns()
    }

    /// A word before or behind a sentence's end is not longer than twice the usual.
    private mutating func shortenAtSentences() {
        for index in words.indices.dropFirst() where words[index].end - words[index].start > longest {
            if Self.sentenceEnds.contains(words[index].text) {
                words[index].end = words[index].start + longest
            } else if Self.sentenceEnds.contains(words[index - 1].text) {
                words[index].start = words[index].end - longest
            }
        }
    }

    /// Signs of punctuation belong to the word that they open or close. What was joined is left without text.
    private mutating func joinSigns() {
        guard words.count > 1 else { return }
        var following = words.count - 1
        for index in stride(from: words.count - 2, through: 0, by: -1) {
            let sign = words[index].text.trimmed
            if words[index].text.hasPrefix(" "), !sign.isEmpty, sign.allSatisfy(Self.opening.contains) {
                words[following].text = words[index].text + words[following].text
                words[following].tokens += words[index].tokens
                (words[index].text, words[index].tokens) = ("", 0)
            } else {
                following = index
            }
        }
        var previous = 0
        for index in 1..<words.count {
            let sign = words[index].text
            if !words[previous].text.hasSuffix(" "), !sign.isEmpty, sign.allSatisfy(Self.closing.contains) {
                words[previous].text += sign
                words[previous].tokens += words[index].tokens
                (words[index].text, words[index].tokens) = ("", 0)
            } else {
                previous = index
            }
        }
    }

    /// Gives the words out, and sets the segments' times by them.
    ///
    /// - Parameters:
    ///   - segments: whose times are seconds from the sound's beginning.
    ///   - textCounts: of each segment the tokens that are text.
    ///   - offset: seconds where the window begins.
    ///   - lastEnd: seconds where the last word before ended; becomes that of these.
    package func give(
        to segments: inout [TranscriptionSegment], textCounts: [Int], offset: Double, lastEnd: inout Double
    ) {
        var place = 0
        for index in segments.indices {
            var given = 0
            var spoken: [TranscriptionWord] = []
            while place < words.count, given < textCounts[index] {
                let word = words[place]
                if !word.text.isEmpty {
                    spoken.append(
                        TranscriptionWord(
                            word: word.text, start: hundredths(offset + word.start), end: hundredths(offset + word.end),
                            probability: word.probability))
                }
                given += word.tokens
                place += 1
            }
            shortenAfterPause(&spoken, lastEnd: lastEnd)
            agree(&spoken, with: &segments[index])
            if !spoken.isEmpty { lastEnd = segments[index].end }
            segments[index].words = spoken
        }
    }

    /// The first words behind a pause.
    private func shortenAfterPause(_ words: inout [TranscriptionWord], lastEnd: Double) {
        guard let first = words.first, first.end - lastEnd > usual * 4 else { return }
        let second = words.count > 1 ? words[1] : nil
        let bothAreLong = second.map { $0.end - first.start > longest * 2 } ?? false
        guard first.end - first.start > longest || bothAreLong else { return }
        if let second, second.end - second.start > longest {
            let boundary = max(second.end / 2, second.end - longest)
            words[0].end = boundary
            words[1].start = boundary
        }
        words[0].start = max(0, words[0].end - longest)
    }

    /// A segment begins and ends with its words, unless those reach out of it by more than half a second.
    private func agree(_ words: inout [TranscriptionWord], with segment: inout TranscriptionSegment) {
        guard let first = words.first, let last = words.last else { return }
        if segment.start < first.end, segment.start - 0.5 > first.start {
            words[0].start = max(0, min(first.end - usual, segment.start))
        } else {
            segment.start = first.start
        }
        if segment.end > last.start, segment.end + 0.5 < last.end {
            words[words.count - 1].end = max(last.start + usual, segment.end)
        } else {
            segment.end = last.end
        }
    }

    private func hundredths(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }
}
