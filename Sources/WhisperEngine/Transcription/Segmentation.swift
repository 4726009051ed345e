/// A window's tokens cut into segments at their timestamps, as Whisper's authors do it.
package struct Segmentation: Equatable {
    package struct Segment: Equatable {
        /// Seconds from the window's beginning.
        package var start: Double
        package var end: Double
        package var choices: [TokenChoices.Choice]
    }

    package var segments: [Segment] = []
    /// Frames of the window that are done with: the next one begins behind them.
    package var frames: Int
    /// Whether the text goes on to the window's end.
    package var reachesEnd: Bool

    /// Seconds of a timestamp's step, and its frames.
    private static let precision = 0.02
    private static let framesPerStep = 2

    /// - Parameters:
    ///   - frames: that the window holds.
    ///   - firstTimestamp: the token of 0 s.
    package init(_ choices: [TokenChoices.Choice], frames: Int, firstTimestamp: Int32) {
        let isTimestamp = choices.map { $0.token >= firstTimestamp }
        func time(_ choice: TokenChoices.Choice) -> Double { Double(choice.token - firstTimestamp) * Self.precision }
        // A single timestamp at the end: nothing is spoken behind it.
        let endsOnce = isTimestamp.suffix(2) == [false, true]
        var cuts = choices.indices.dropFirst().filter { isTimestamp[$0] && isTimestamp[$0 - 1] }
        guard !cuts.isEmpty else {
            let last = choices.last { $0.token >= firstTimestamp }.map(time) ?? 0
            let duration = last > 0 ? last : Double(frames) / Double(SpectrogramStream.framesPerSecond)
            segments = choices.isEmpty ? [] : [Segment(start: 0, end: duration, choices: choices)]
            self.frames = frames
            reachesEnd = true
            return
        }
        if endsOnce { cuts.append(choices.count) }
        var from = 0
        for cut in cuts {
            let part = choices[from..<cut]
            if let first = part.first, let last = part.last {
                segments.append(Segment(start: time(first), end: time(last), choices: Array(part)))
            }
            from = cut
        }
        reachesEnd = endsOnce
        let done = Int(choices[from - 1].token - firstTimestamp) * Self.framesPerStep
        // The model may write times behind the window's end, and none that is done with anything.
        self.frames = endsOnce || done == 0 ? frames : min(done, frames)
    }
}
