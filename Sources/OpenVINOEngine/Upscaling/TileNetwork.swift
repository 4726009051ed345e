import Media

/// A network that enlarges pictures by a whole factor.
package protocol TileNetwork: Sendable {
    /// What computes it, with its version, as descriptions of the engine have it.
    var name: String { get }

    /// The device that computes it, as ``Inference/EngineDescription/device`` has it; known once a picture was enlarged.
    var device: String { get }

    /// Enlarges a picture in RGB, which must not be larger than a tile. Calls take turns, in the order in which they came.
    ///
    /// - Throws: ``Inference/InferenceError``, `CancellationError`.
    func enlarge(_ picture: Picture) async throws -> Picture

    /// From the next call on.
    func setThreads(_ count: Int)
}
