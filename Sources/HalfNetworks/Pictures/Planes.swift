import CHalf

/// Channels of one size in memory of their own; rows begin at whole registers.
final class Planes {
    struct Size: Hashable {
        var channels: Int
        var width: Int
        var height: Int

        /// Numbers of a register.
        private static let grain = 32
        /// A page of memory holds so many numbers. Planes that begin at one place in their pages would share the few
        /// lines of the cache that such addresses have.
        private static let page = 2048

        /// From a row to the next.
        var stride: Int { (width + Self.grain - 1) / Self.grain * Self.grain }

        var planeStride: Int {
            let whole = stride * height
            return whole % Self.page == 0 ? whole + 3 * Self.grain : whole
        }

        var byteCount: Int { channels * planeStride * MemoryLayout<half_number>.stride }
    }

    let size: Size
    let memory: UnsafeMutablePointer<half_number>

    init(_ size: Size) {
        self.size = size
        memory = UnsafeMutableRawPointer.allocate(byteCount: size.byteCount, alignment: 64).bindMemory(
            to: half_number.self, capacity: size.byteCount / MemoryLayout<half_number>.stride)
    }

    deinit { memory.deallocate() }

    func pointer(_ channel: Int) -> UnsafeMutablePointer<half_number> { memory + channel * size.planeStride }
}
