import Inference

/// Chooses the next token from the logits, as the request's ``SamplingParameters`` say.
///
/// Written here rather than taken from llama.cpp's sampler chain because it runs on the thread that computes: the
/// chain copies the vocabulary into an array of structs for every token, this one reads the logits where they lie.
package struct Sampler {
    private let parameters: SamplingParameters
    private let bias: [(token: Int, bias: Float)]
    private var penalties: Penalties
    private var generator: SeededGenerator

    /// - Parameters:
    ///   - prompt: what the repetition penalty looks back on before anything is generated.
    ///   - suppressed: tokens never to be chosen.
    package init(
        _ parameters: SamplingParameters, prompt: some BidirectionalCollection<Int32>, suppressed: [Int32] = []
    ) {
        self.parameters = parameters
        self.bias =
            parameters.logitBias.map { (Int($0.key), $0.value) } + suppressed.map { (Int($0), -.infinity) }
        self.penalties = Penalties(parameters, prompt: prompt)
        self.generator = SeededGenerator(seed: parameters.seed ?? UInt64.random(in: .min ... .max))
    }

    /// Chooses a token; the logits are changed.
    ///
    /// - Returns: `nil` where no token has a finite score: the model's output is broken.
    package mutating func sample(_ logits: Logits) -> Int32? {
        for (token, bias) in bias { logits[token] += bias }
        penalties.apply(to: logits)
        // Below that the inverse of the temperature is no number; the draw would be the most likely token anyway.
        let isGreedy = parameters.temperature < .leastNormalMagnitude
        let token = isGreedy ? logits.mostLikely() : draw(logits)
        if let token { penalties.record(token) }
        return token
    }

    private mutating func draw(_ logits: Logits) -> Int32? {
        let maximum = logits.maximum()
        guard maximum.isFinite else { return nil }
        let temperature = parameters.temperature
        // In terms of logits: what min-p keeps is at least this.
        let floor = parameters.minP > 0 ? maximum + temperature * logarithm(parameters.minP) : -.infinity
        let distribution = Distribution(logits, maximum: maximum, temperature: temperature, floor: floor)
        let uniform = Float.random(in: 0..<1, using: &generator)
        if parameters.topK > 0 || parameters.topP < 1 {
            return Candidates(distribution, topK: parameters.topK, topP: parameters.topP).draw(uniform)
        }
        return distribution.draw(uniform)
    }
}
