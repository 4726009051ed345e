import Inference

/// What is to be done with a window.
struct WindowTask: Sendable {
    var window: SoundWindows.Window
    /// `nil` is detected.
    var language: String?
    var translates: Bool
    var temperature: Float
    var beamSize: Int
    var timesWords: Bool
    /// Tokens that the window's text continues.
    var previous: [Int32]
    /// Seconds where the last word before ended.
    var lastEnd: Double
}

/// What a window came to.
struct WindowText: Sendable {
    var language: String
    /// Numbered from 0; without those that say nothing.
    var segments: [TranscriptionSegment]
    /// Frames from the sound's beginning: where the next window begins.
    var next: Int
    /// Whether the next window continues this text.
    var isContinued: Bool
    /// Tokens that this text adds to what the next window continues.
    var tokens: [Int32]
    var lastEnd: Double
    /// Tokens that were decoded, and those that were read before.
    var decodedTokens: Int
    var readTokens: Int
}
