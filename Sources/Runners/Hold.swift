/// A request's claim on a model that is in memory or loads: while there is one, the model stays.
final class Hold: Sendable {
    /// Which process of which model is let go of.
    struct Release: Sendable {
        let model: String
        let life: Int
    }

    var model: String { release.model }
    private let release: Release
    private let released: @Sendable (Release) -> Void

    /// - Parameter released: called once, when nobody has the hold any more.
    init(_ release: Release, released: @escaping @Sendable (Release) -> Void) {
        self.release = release
        self.released = released
    }

    deinit { released(release) }
}
