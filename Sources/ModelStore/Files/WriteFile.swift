import SystemPackage
import SystemSupport

/// Writes a file anew, and waits until its bytes are on the disk.
func writeFile(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    do {
        try SystemSupport.writeFile(path, bytes, synchronises: true)
    } catch {
        throw FileError("write", path: path, code: error.rawValue)
    }
}

/// Writes all of some bytes, where the descriptor stands or at an offset.
func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int? = nil, path: String
) throws(FileError) {
    do {
        try SystemSupport.writeAll(bytes, to: descriptor, at: offset)
    } catch {
        throw FileError("write", path: path, code: error.rawValue)
    }
}
