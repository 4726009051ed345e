import Inference

/// A transcript as files that players show with the picture.
extension Transcript {
    /// SubRip's format, which no standard describes: a number, times with a comma, the text, an empty line.
    var srt: String {
        var text = ""
        for (index, cue) in cues.enumerated() {
            text += "\(index + 1)\n\(Self.time(cue.start, ",")) --> \(Self.time(cue.end, ","))\n"
            // There are no escapes: an arrow is made no arrow.
            text += cue.text.replacing("-->", with: "->") + "\n\n"
        }
        return text
    }

    /// WebVTT (W3C): a head, and cues with their times and the text, of which `&`, `<` and `>` are escaped.
    var vtt: String {
        var text = "WEBVTT\n\n"
        for cue in cues {
            let escaped = cue.text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                .replacing(">", with: "&gt;")
            text += "\(Self.time(cue.start, ".")) --> \(Self.time(cue.end, "."))\n\(escaped)\n\n"
        }
        return text
    }

    /// The segments that say something, each on one line: an empty line would end a cue.
    private var cues: [(start: Double, end: Double, text: String)] {
        segments.compactMap { segment in
            let text = segment.text.split(whereSeparator: \.isNewline).map { TranscriptText.trimmed(String($0)) }
                .filter { !$0.isEmpty }.joined(separator: " ")
            guard !text.isEmpty else { return nil }
            let times = times(segment.start, segment.end)
            return (times.start, times.end, text)
        }
    }

    /// `01:02:03,004`; hours have as many digits as they need, two at least.
    private static func time(_ seconds: Double, _ point: String) -> String {
        let milliseconds = Int((seconds * 1_000).rounded())
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
        return "\(digits(minutes / 60, 2)):\(digits(minutes % 60, 2)):\(digits(rest / 1_000, 2))\(point)"
            + digits(rest % 1_000, 3)
    }
}
