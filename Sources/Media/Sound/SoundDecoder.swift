import CSound
import Inference

/// Decodes a file at its own rate, mixed into one channel.
final class SoundDecoder {
    /// What is read: music in all its channels, and rates from a telephone's fraction to four times a studio's.
    private static let channelCounts = 1...16
    private static let rates = 1_000...384_000
    /// Frames that are decoded in one go.
    static let block = 4_096

    let format: SoundFormat
    /// Samples a second.
    let rate: Int
    /// The length in samples as the head states it; `nil` where it does not.
    let statedCount: Int?

    private let bytes: SoundBytes
    private let sound: OpaquePointer
    private let channels: Int
    private var frames: [Float]

    init(path: String) throws(MediaFault) {
        bytes = try SoundBytes(path: path)
        let found = try SoundFormat.find(in: bytes)
        format = found.format
        let part = dpais_sound_part(
            descriptor: bytes.descriptor, start: Int64(found.start), end: Int64(bytes.count))
        var opened: OpaquePointer?
        var head = dpais_sound_head()
        try format.check(opening: dpais_sound_open(part, format.code, &opened, &head))
        guard let opened else { throw MediaFault("the \(format.rawValue) file is damaged") }
        do throws(MediaFault) {
            try Self.check(head)
        } catch {
            dpais_sound_close(opened)
            throw error
        }
        sound = opened
        rate = Int(head.rate)
        channels = Int(head.channels)
        statedCount = head.frames < 0 ? nil : Int(head.frames)
        frames = [Float](repeating: 0, count: Self.block * channels)
    }

    deinit {
        dpais_sound_close(sound)
    }

    /// The next samples in −1…1, at most ``block`` of them; none at the end.
    func read(into samples: inout [Float]) throws(MediaFault) {
        var count = 0
        let status = frames.withUnsafeMutableBufferPointer {
            dpais_sound_read(sound, $0.baseAddress, Self.block, &count)
        }
        try format.check(status)
        samples.removeAll(keepingCapacity: true)
        frames.withUnsafeBufferPointer { samples.append(mixing: $0[..<(count * channels)], channels: channels) }
    }

    private static func check(_ head: dpais_sound_head) throws(MediaFault) {
        guard channelCounts.contains(Int(head.channels)) else {
            throw MediaFault(
                "the sound has \(head.channels) channels; at most \(channelCounts.upperBound) are read",
                kind: .tooLarge)
        }
        guard rates.contains(Int(head.rate)) else {
            throw MediaFault(
                "the sound has a sample rate of \(head.rate) Hz; "
                    + "from \(rates.lowerBound) to \(rates.upperBound) Hz are read")
        }
    }
}

extension SoundFormat {
    fileprivate var code: dpais_sound_format {
        switch self {
        case .wav: DPAIS_SOUND_WAV
        case .mp3: DPAIS_SOUND_MP3
        case .flac: DPAIS_SOUND_FLAC
        case .ogg: DPAIS_SOUND_OGG
        }
    }

    private var codings: String? {
        switch self {
        case .wav: "PCM of 8 to 32 bits, floating-point numbers, µ-law or A-law"
        case .ogg: "Vorbis or Opus"
        case .mp3, .flac: nil
        }
    }

    /// The libraries do not always tell what they do not know from what is wrong.
    fileprivate func check(opening status: dpais_sound_status) throws(MediaFault) {
        guard let codings, status == DPAIS_SOUND_DAMAGED || status == DPAIS_SOUND_UNSUPPORTED else {
            return try check(status)
        }
        let damaged = status == DPAIS_SOUND_DAMAGED ? "damaged, or " : ""
        throw MediaFault("the \(rawValue) file is \(damaged)coded in a way that is not read; expected \(codings)")
    }

    fileprivate func check(_ status: dpais_sound_status) throws(MediaFault) {
        switch status {
        case DPAIS_SOUND_OK: return
        case DPAIS_SOUND_UNSUPPORTED: throw MediaFault("the \(rawValue) file is coded in a way that is not read")
        case DPAIS_SOUND_RATE_CHANGED:
            throw MediaFault("the \(rawValue) file changes its sample rate midway, which is not read")
        case DPAIS_SOUND_NO_MEMORY:
            throw MediaFault("there is not enough memory to decode the \(rawValue) file")
        default:
            throw MediaFault("the \(rawValue) file is damaged")
        }
    }
}
