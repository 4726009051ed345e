import Foundation

/// Tells where a sound surely holds no speech: digital silence, and low, steady noise.
///
/// Speech comes and goes: within half a second it rises far above what lies between its sounds. So the level of each of four
/// bands is held against the lowest that it had around (the noise floor by minimum statistics: R. Martin, Noise Power
/// Spectral Density Estimation Based on Optimal Smoothing and Minimum Statistics, 2001), and a frame counts as speech
/// where one band rises above it. All that is loud counts too, steady or not, and so does all that is near: what was
/// found is widened, and short gaps are closed. Music and loud noise are the model's to judge.
///
/// Frames are judged once what follows them is known, a block of half a second at a time.
package struct SpeechActivity: Sendable {
    /// Frames that are judged: those before may be asked for.
    package private(set) var judged = 0
    /// Where speech may be, widened; in order, and apart from each other.
    package private(set) var stretches: [Range<Int>] = []

    /// How far above the floor a band rises where speech begins, and where it goes on.
    private static let onset: Float = decibels(9)
    private static let hold: Float = decibels(6)
    /// What is louder counts as speech, steady or not: −40 dB of full scale.
    private static let loud: Float = decibels(-40)
    /// The floor is never taken to be lower: the last bit of 16 is at −90 dB.
    private static let lowestFloor: Float = decibels(-90)
    /// Frames before and behind what was found that belong to it, for the quiet sounds that words begin and end with.
    package static let margin = 50
    /// Frames that are worth hearing.
    package static let shortest = 10
    /// Gaps in frames that are closed.
    private static let shortestGap = 150
    /// Frames of a block.
    private static let block = 50
    /// Blocks before and behind that the floor is sought in.
    private static let reach = (before: 16, behind: 6)
    /// Frames that a level is the mean of.
    private static let smoothing = 8

    private var levels: [SIMD4<Float>] = []
    private var recent: [SIMD4<Float>] = []
    /// The lowest level of each whole block; of its frames those that are smoothed.
    private var minima: [SIMD4<Float>] = []
    private var isActive = false
    private var firstLevel = 0

    package init() {}

    private static func decibels(_ value: Float) -> Float { pow(10, value / 10) }

    /// Takes the next frames' levels.
    package mutating func append(_ frames: [BandLevels]) {
        for frame in frames {
            recent.append(frame.power)
            if recent.count > Self.smoothing { recent.removeFirst() }
            levels.append(recent.reduce(.zero, +) / Float(recent.count))
            let count = firstLevel + levels.count
            if count % Self.block == 0 {
                minima.append(levels.suffix(Self.block).reduce(SIMD4(repeating: .infinity), pointwiseMin))
                judge(upTo: minima.count - Self.reach.behind)
            }
        }
    }

    /// No more frames come: the rest is judged.
    package mutating func finish() {
        let rest = (firstLevel + levels.count) % Self.block
        if rest > 0 { minima.append(levels.suffix(rest).reduce(SIMD4(repeating: .infinity), pointwiseMin)) }
        judge(upTo: minima.count)
    }

    /// Judges whole blocks.
    private mutating func judge(upTo end: Int) {
        while judged < end * Self.block, judged < firstLevel + levels.count {
            let number = judged / Self.block
            let around = max(0, number - Self.reach.before)..<min(minima.count, number + Self.reach.behind + 1)
            let lowest = minima[around].reduce(SIMD4(repeating: .infinity), pointwiseMin)
            let floor = pointwiseMax(lowest, SIMD4(repeating: Self.lowestFloor))
            let frames = judged..<min(judged + Self.block, firstLevel + levels.count)
            for frame in frames {
                let level = levels[frame - firstLevel]
                let rise = level / floor
                isActive = any(rise .> (isActive ? Self.hold : Self.onset)) || level.sum() > Self.loud
                if isActive { widen(to: frame) }
            }
            judged = frames.upperBound
        }
        levels.removeFirst(judged - firstLevel)
        firstLevel = judged
    }

    private mutating func widen(to frame: Int) {
        let found = max(0, frame - Self.margin)..<frame + Self.margin
        guard let last = stretches.last, found.lowerBound - last.upperBound < Self.shortestGap else {
            stretches.append(found)
            return
        }
        stretches[stretches.count - 1] = last.lowerBound..<max(last.upperBound, found.upperBound)
    }

    /// Forgets stretches of which a tenth of a second at most, and the margin, lies behind a frame.
    package mutating func drop(before frame: Int) {
        stretches.removeAll { $0.upperBound - Self.margin - Self.shortest <= frame }
    }
}
