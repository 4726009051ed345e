/// What the engine takes on.
package enum UpscalingLimits {
    /// Width times height of the largest picture: 4096 × 4096.
    package static let pixels = 1 << 24
    /// The longer side. Rows of tiles are put together whole, and those of a wider picture would take too much memory.
    package static let side = 1 << 14
    /// Pictures that are worked on side by side, tile by tile in turn; further ones wait with nothing but their files.
    package static let pictures = 4
}
