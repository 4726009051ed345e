import NIOCore

/// What the first bytes of a sound's file say of it. Its decoder, in the process of a model, has the last word; here what
/// can be no sound is refused before any process is started.
enum SoundCheck {
    static let expected = "a WAV, MP3, FLAC or OGG file"
    /// Bytes in which the decoder looks for the beginning of an MP3, which has no signature.
    private static let searched = 64 << 10

    /// - Parameter head: the file's first bytes; all of them where it is small.
    /// - Throws: ``ValidationFailure`` that names the field.
    static func check(_ head: ByteBuffer, field: String) throws(ValidationFailure) {
        guard let reason = fault(in: head) else { return }
        throw ValidationFailure(faults: [FieldFault(code: .invalidValue, path: field, message: reason)], count: 1)
    }

    private static func fault(in head: ByteBuffer) -> String? {
        if head.readableBytes == 0 { return "expected the bytes of \(expected), it is empty" }
        if head.has("RIFF") || head.has("RIFX"), head.has("WAVE", at: 8) { return wavFault(in: head) }
        if head.has("fLaC") || head.has("OggS") || head.has("ID3") { return nil }
        let other = otherFormat(head)
        if other == nil, hasMPEGFrame(head) { return nil }
        return "expected the bytes of \(expected), found \(other ?? "something else")"
    }

    /// The `fmt ` chunk, which comes before the sound (Multimedia Programming Interface 1.0, IBM and Microsoft, 1991).
    private static func wavFault(in head: ByteBuffer) -> String? {
        let endianness: Endianness = head.has("RIFX") ? .big : .little
        var offset = 12
        while let length = head.integer(at: offset + 4, endianness, UInt32.self) {
            if head.has("fmt ", at: offset) {
                guard let channels = head.integer(at: offset + 10, endianness, UInt16.self),
                    let rate = head.integer(at: offset + 12, endianness, UInt32.self)
                else { break }
                if channels == 0 { return "the WAV file says that it has no channels" }
                return rate == 0 ? "the WAV file says that it has 0 samples a second" : nil
            }
            // Chunks begin at even places.
            offset += 8 + Int(length) + Int(length % 2)
        }
        // The head that is held may end before the chunk begins.
        return offset > head.readableBytes && head.readableBytes >= searched
            ? nil : "the WAV file is damaged or cut short"
    }

    /// Whether there is what may be the head of a frame, layer III (ISO/IEC 11172-3, 2.4.1.3): eleven bits that are set, a
    /// version and a layer.
    private static func hasMPEGFrame(_ head: ByteBuffer) -> Bool {
        let bytes = head.readableBytesView.prefix(searched)
        return zip(bytes, bytes.dropFirst()).contains { first, second in
            guard first == 0xFF, second & 0xE0 == 0xE0 else { return false }
            let (version, layer) = ((second & 0x18) >> 3, (second & 0x06) >> 1)
            return version != 1 && layer == 1
        }
    }

    private static func otherFormat(_ head: ByteBuffer) -> String? {
        if head.has("ftyp", at: 4) { return "MP4" }
        if head.readableBytesView.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return "WebM or Matroska" }
        if head.has("FORM") { return "AIFF" }
        return nil
    }
}

extension ByteBuffer {
    fileprivate func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        text.withUTF8Buffer { readableBytesView.dropFirst(offset).starts(with: $0) }
    }

    fileprivate func integer<Value: FixedWidthInteger>(
        at offset: Int, _ endianness: Endianness, _ type: Value.Type
    ) -> Value? {
        guard offset + MemoryLayout<Value>.size <= readableBytes else { return nil }
        return getInteger(at: readerIndex + offset, endianness: endianness)
    }
}
