/// WebP (RFC 9649).
extension PictureFile {
    static func webP(_ file: FileBytes) throws(MediaFault) -> PictureFile {
        guard let length = file.little(4, bytes: 4), 8 + length <= file.count else { throw cutShort }
        // The extended form begins with the size of the whole, which counts, and holds the picture further on.
        var canvas: PictureFile?
        var offset = 12
        while offset < 8 + length, let size = file.little(offset + 4, bytes: 4), offset + 8 + size <= 8 + length {
            let content = offset + 8
            if file.has("VP8X", at: offset) {
                guard let flags = file.byte(content), let width = file.little(content + 4, bytes: 3),
                    let height = file.little(content + 7, bytes: 3)
                else { throw cutShort }
                guard flags & 0x02 == 0 else {
                    throw MediaFault("the WebP file is an animation, which is not read; send one picture")
                }
                canvas = PictureFile(.webP, width: width + 1, height: height + 1)
            } else if file.has("VP8 ", at: offset) {
                let picture = try lossyWebP(file, at: content)
                return canvas ?? picture
            } else if file.has("VP8L", at: offset) {
                let picture = try losslessWebP(file, at: content)
                return canvas ?? picture
            }
            // Chunks begin at even places.
            offset = content + size + size % 2
        }
        throw cutShort
    }

    /// A key frame of VP8 (RFC 6386): 3 bytes of its tag, 3 of a start code, then 14 bits a side and 2 of a scale.
    private static func lossyWebP(_ file: FileBytes, at offset: Int) throws(MediaFault) -> PictureFile {
        guard file.big(offset + 3, bytes: 3) == 0x9D012A, let width = file.little(offset + 6, bytes: 2),
            let height = file.little(offset + 8, bytes: 2)
        else { throw cutShort }
        return PictureFile(.webP, width: width & 0x3FFF, height: height & 0x3FFF)
    }

    /// One byte of a signature, then 14 bits a side, each less 1.
    private static func losslessWebP(_ file: FileBytes, at offset: Int) throws(MediaFault) -> PictureFile {
        guard file.byte(offset) == 0x2F, let sides = file.little(offset + 1, bytes: 4) else { throw cutShort }
        return PictureFile(.webP, width: sides & 0x3FFF + 1, height: (sides >> 14) & 0x3FFF + 1)
    }
}
