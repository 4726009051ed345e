import Inference

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// An open file of a sound, read at any place.
final class SoundBytes {
    let descriptor: Int32
    /// The file's size in bytes when it was opened.
    let count: Int

    /// - Throws: ``MediaFault`` unless there is a regular file that may be read.
    init(path: String) throws(MediaFault) {
        // Opening anything else, such as a pipe, must not wait for who is at its other end.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw MediaFault("the file could not be opened: \(String(cString: strerror(errno)))")
        }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw MediaFault("what is to be read is not a file")
        }
        count = Int(information.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// The bytes from `offset`, fewer than `length` where the file ends before or cannot be read on.
    func read(_ offset: Int, upTo length: Int) -> [UInt8] {
        let length = max(0, min(length, count - offset))
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            while filled < length, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, length - filled, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
