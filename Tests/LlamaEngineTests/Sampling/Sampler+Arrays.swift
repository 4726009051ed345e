import LlamaEngine

extension Sampler {
    /// Samples from a copy.
    mutating func sample(_ logits: [Float]) -> Int32? {
        var copy = logits
        return copy.withUnsafeMutableBufferPointer { sample(Logits($0)) }
    }
}
