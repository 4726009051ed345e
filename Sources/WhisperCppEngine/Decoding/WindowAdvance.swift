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
    ///   - tokens: the ids of what is handed out of the window: a time that stands in two copies, as the end of one
    ///     segment and the start of the next, once.
    ///   - percent: how much of the given sound is done, as whisper.cpp counts; `nil` where it did not say.
    /// - Returns: hundredths of a second, at least one token's worth.
    package func hundredths(after tokens: [Int32], percent: Int?) -> Int {
        // After a time in two copies more is to come, from there; after one that stands alone nothing is.
        let last = tokens.last { $0 > firstTimestamp }.map { 2 * Int($0 - firstTimestamp) }
        let places = [last, min(Self.window, length)].compactMap(\.self)
        guard let percent else { return max(2, places[0]) }
        if let place = places.first(where: { 100 * $0 / max(1, length) == percent }) { return max(2, place) }
        // Times behind the last text are not handed out, nor is anything of a window without speech. What whisper.cpp
        // counts is less than a hundredth of the sound short of where it went on.
        return max(2, (percent * length + 99) / 100)
    }
}
