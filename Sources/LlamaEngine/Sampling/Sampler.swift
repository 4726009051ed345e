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
    private let constraint: (any TokenConstraint)?
    /// Draws that a constraint may refuse before all tokens are checked at once. A draw is a pass over the logits and
    /// a check of one token; checking all costs as much as some dozens of these.
    private static let refusals = 16

    /// - Parameters:
    ///   - prompt: what the repetition penalty looks back on before anything is generated.
    ///   - suppressed: tokens never to be chosen.
    ///   - constraint: what the tokens have to keep to.
    ///   - choice: which of a request's answers this is; with one seed each draws differently, the first as if alone.
    package init(
        _ parameters: SamplingParameters, prompt: some BidirectionalCollection<Int32>, suppressed: [Int32] = [],
        constraint: (any TokenConstraint)? = nil, choice: Int = 0
    ) {
        self.parameters = parameters
        self.bias =
            parameters.logitBias.map { (Int($0.key), $0.value) } + suppressed.map { (Int($0), -.infinity) }
        self.penalties = Penalties(parameters, prompt: prompt)
        self.generator = parameters.seed.map { SeededGenerator(seed: $0, choice: choice) } ?? SeededGenerator()
        self.constraint = constraint
    }

    /// Chooses a token; the logits are changed.
    ///
    /// - Returns: `nil` where no token has a finite score: the model's output is broken, or the constraint leaves none.
    package mutating func sample(_ logits: Logits) -> Int32? {
        for (token, bias) in bias { logits[token] += bias }
        penalties.apply(to: logits)
        let token = constraint.map { chooseAllowed(logits, $0) } ?? choose(logits)
        if let token { penalties.record(token) }
        return token
    }

    /// The answer goes on with this token, which was sampled.
    package func accept(_ token: Int32) throws { try constraint?.accept(token) }

    private mutating func choose(_ logits: Logits) -> Int32? {
        // Below that the inverse of the temperature is no number; the draw would be the most likely token anyway.
        parameters.temperature < .leastNormalMagnitude ? logits.mostLikely() : draw(logits)
    }

    /// Draws until a token is allowed, without putting those back that are not. That gives every allowed token the
    /// same chance as a draw from the allowed ones alone, and seldom takes more than a few checks: what a grammar
    /// allows next, the model mostly expects.
    private mutating func chooseAllowed(_ logits: Logits, _ constraint: any TokenConstraint) -> Int32? {
        for _ in 0..<Self.refusals {
            guard let token = choose(logits) else { return nil }
            if constraint.allows(token) { return token }
            logits[Int(token)] = -.infinity
        }
        constraint.mask(logits.values)
        return choose(logits)
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
