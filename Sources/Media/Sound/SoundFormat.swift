import Inference

/// The formats of sound that are decoded.
enum SoundFormat: String, Sendable, CaseIterable {
    case wav = "WAV"
    case mp3 = "MP3"
    case flac = "FLAC"
    case ogg = "OGG"

    /// The formats, as messages name them.
    static let names = "WAV, MP3, FLAC or OGG"

    /// Where the sound begins in the file, behind tags and, in MP3, behind what is no frame.
    struct Found: Equatable {
        var format: SoundFormat
        var start: Int
    }

    /// Looks for the format that the file's first bytes tell of.
    ///
    /// - Throws: ``MediaFault`` where it is none of these; says which one it is, where that is a common one.
    static func find(in file: SoundBytes) throws(MediaFault) -> Found {
        guard file.count > 0 else { throw MediaFault("the file is empty; expected a \(names) file") }
        let start = ID3Tag.end(in: file)
        let bytes = file.read(start, upTo: MP3Search.window)
        let head = ByteReader(bytes[...])
        if head.has("RIFF", at: 0) || head.has("RIFX", at: 0), head.has("WAVE", at: 8) {
            return Found(format: .wav, start: start)
        }
        if head.has("fLaC", at: 0) { return Found(format: .flac, start: start) }
        if head.has("OggS", at: 0) { return Found(format: .ogg, start: start) }
        if let other = otherFormat(head) { throw MediaFault("expected a \(names) file, found \(other)") }
        if let offset = MP3Search.firstFrame(in: bytes, isWhole: start + bytes.count == file.count) {
            return Found(format: .mp3, start: start + offset)
        }
        throw MediaFault("expected a \(names) file, found something else")
    }

    private static func otherFormat(_ head: ByteReader) -> String? {
        if head.has("FORM", at: 0) { return "AIFF" }
        if head.has(".snd", at: 0) { return "AU" }
        if head.has("caff", at: 0) { return "CAF" }
        if head.has("riff", at: 0) { return "Wave64" }
        if head.has("RF64", at: 0) || head.has("BW64", at: 0) { return "RF64" }
        if head.has("RIFF", at: 0) { return "a RIFF file of something else" }
        if head.has("ftyp", at: 4) { return "MPEG-4, such as M4A" }
        if head.has("#!AMR", at: 0) { return "AMR" }
        if head.has("MThd", at: 0) { return "MIDI" }
        switch head.big(0, count: 4) {
        case 0x1A45_DFA3: return "WebM or Matroska"
        case 0x3026_B275: return "WMA"
        // The sync word of ADTS, whose layer is 0.
        case .some(let word) where word >> 20 == 0xFFF && (word >> 17) & 3 == 0: return "AAC"
        default: return nil
        }
    }
}
