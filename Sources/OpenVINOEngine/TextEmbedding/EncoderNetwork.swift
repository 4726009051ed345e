import Inference

/// What computes the vectors of batches of texts.
protocol EncoderNetwork: Sendable {
    /// With its version, as descriptions of the engine have it.
    var name: String { get }
    /// The device that computes it, as ``Inference/EngineDescription/device`` has it.
    var device: String { get }
    /// The numbers that it computes in.
    var precision: String { get }
    /// Components of a vector.
    var width: Int { get }
    /// The most tokens of a text, special tokens included.
    var maximumLength: Int { get }
    /// One more than the largest token that it knows, where the network itself says so.
    var vocabularySize: Int? { get }
    /// The most texts of a batch.
    var maximumRows: Int { get }
    var padding: EmbeddingQueue.Padding { get }
    /// Batches that are computed side by side.
    var lanes: Int { get }
    /// Whether a batch can have all threads.
    var hasWideLane: Bool { get }

    /// Computes batches' vectors, row after row, not of unit length, for one thread that makes it and uses it.
    func makeRun(for lane: EncodingWork.Lane) throws -> (_ batch: EncodingWork.Batch) throws -> [Float]
}
