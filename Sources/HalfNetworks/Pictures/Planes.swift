import CHalf

/// Channels of one size in memory of their own.
///
/// A row of all channels lies before the next row: what a thread reads of a row then lies close together, all of it one
/// stretch of memory where a part is as wide as the picture, which the processor fetches ahead of its use.
final class Planes {
    struct Size: Hashable {
        var channels: Int
        var width: Int
        var height: Int

        /// Numbers of a register, of which rows take whole ones.
        private static let grain = 32

        /// From a channel's row to the next channel's.
        fileprivate var rowLength: Int { (width + Self.grain - 1) / Self.grain * Self.grain }

        /// From a channel's row to its next.
        fileprivate var stride: Int { channels * rowLength }

        var byteCount: Int { stride * height * MemoryLayout<half_number>.stride }
    }

    let size: Size
    private let memory: UnsafeMutablePointer<half_number>

    init(_ size: Size) {
        self.size = size
        memory = UnsafeMutableRawPointer.allocate(byteCount: size.byteCount, alignment: 64).bindMemory(
            to: half_number.self, capacity: size.byteCount / MemoryLayout<half_number>.stride)
    }

    deinit { memory.deallocate() }

    /// The channels as the kernels take them; valid as long as this value lives.
    var descriptions: [half_plane] {
        (0..<size.channels).map { half_plane(start: memory + $0 * size.rowLength, stride: size.stride) }
    }
}
