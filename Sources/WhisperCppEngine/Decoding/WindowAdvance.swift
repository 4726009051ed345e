/// How far a window has been written down.
///
/// whisper.cpp goes on at the last time that it wrote, and does not tell where that is; only, in whole hundredths of
/// the sound that it was given, how much of it is done.
package struct WindowAdvance: Sendable {
    /// The token that stands for the window's start; each after it stands for two hundredths of a second more.
    package var firstTimestamp: Int32
    /// Hundredths of a second of sound that were given.
    package var length: Int

    package init(firstTimestamp: Int32, length: Int) {
        self.firstTimestamp = firstTimestamp
        self.length = length
    }

    /// A window's own length, in hundredths of a second.
    package static let window = 3_000

    /// - Parameters:
    ///   - tokens: the ids of all that was written in the window.
    ///   - percent: how much of the given sound is done, as whisper.cpp counts; `nil` where it did not say.
    /// - Returns: hundredths of a second, at least one token's worth.
    package func hundredths(after tokens: [Int32], percent: Int?) -> Int {
        let written = lastTime(tokens)
        guard let percent, 100 * written / max(1, length) != percent else { return max(2, written) }
        // Times behind the last text are not handed out, nor is anything of a window without speech. What whisper.cpp
        // counts is less than a hundredth of the sound short of where it went on.
        return max(2, (percent * length + 99) / 100)
    }

    /// The last time in the text, or the whole window where there is none, or nothing but text before it: then what
    /// follows it is silent.
    private func lastTime(_ tokens: [Int32]) -> Int {
        let whole = min(Self.window, length)
        guard let last = tokens.lastIndex(where: { $0 > firstTimestamp }) else { return whole }
        let endsAlone = last == tokens.count - 1 && last > 0 && tokens[last - 1] < firstTimestamp
        return endsAlone ? whole : 2 * Int(tokens[last] - firstTimestamp)
    }
}
