/// An encoder of the BERT family as its sizes and the places of its weights: `encoder.json` beside its graph. The import
/// writes it, kernels that need no graph read it.
package struct EncoderPlan: Codable, Sendable {
    package struct Linear: Codable, Sendable {
        /// Of shape [outputs, inputs].
        package var weight: StoredNumbers
        /// `nil` where nothing is added.
        package var bias: StoredNumbers?

        package init(weight: StoredNumbers, bias: StoredNumbers?) {
            self.weight = weight
            self.bias = bias
        }
    }

    package struct Norm: Codable, Sendable {
        package var scale: StoredNumbers
        package var shift: StoredNumbers

        package init(scale: StoredNumbers, shift: StoredNumbers) {
            self.scale = scale
            self.shift = shift
        }
    }

    package struct Layer: Codable, Sendable {
        package var query: Linear
        package var key: Linear
        package var value: Linear
        package var attentionOutput: Linear
        package var attentionNorm: Norm
        package var expansion: Linear
        /// What the expansion is multiplied by, once activated; `nil` where the expansion itself is activated.
        package var gate: Linear?
        package var contraction: Linear
        package var outputNorm: Norm

        package init(
            query: Linear, key: Linear, value: Linear, attentionOutput: Linear, attentionNorm: Norm,
            expansion: Linear, gate: Linear?, contraction: Linear, outputNorm: Norm
        ) {
            self.query = query
            self.key = key
            self.value = value
            self.attentionOutput = attentionOutput
            self.attentionNorm = attentionNorm
            self.expansion = expansion
            self.gate = gate
            self.contraction = contraction
            self.outputNorm = outputNorm
        }
    }

    package enum Activation: String, Codable, Sendable {
        case gelu
        /// GELU by its approximation with a tangent.
        case approximateGELU = "gelu_tanh"
        case relu
        /// x · σ(x), also named swish.
        case silu
    }

    /// Components of a token's state.
    package var width: Int
    /// Components inside the feed-forward part.
    package var innerWidth: Int
    package var heads: Int
    package var activation: Activation
    /// Added to the variance in layer normalisation.
    package var epsilon: Float
    /// The row of the table of positions that the first token gets.
    package var firstPosition: Int
    package var words: StoredNumbers
    /// What tokens have for their positions; `nil` where they are rotated.
    package var positions: StoredNumbers?
    package var rotation: Rotation?
    /// What every token has for its type; `nil` where the model knows no types.
    package var type: StoredNumbers?
    package var embeddingNorm: Norm
    package var layers: [Layer]

    package static let fileName = "encoder.json"

    /// Tokens, at most, of a text; `nil` where the plan says nothing sensible.
    package var maximumLength: Int? {
        if let rotation { return rotation.length > 0 ? rotation.length : nil }
        guard let rows = positions?.shape.first, firstPosition >= 0, rows > firstPosition else { return nil }
        return rows - firstPosition
    }

    package init(
        width: Int, innerWidth: Int, heads: Int, activation: Activation, epsilon: Float, firstPosition: Int,
        words: StoredNumbers, positions: StoredNumbers?, rotation: Rotation?, type: StoredNumbers?,
        embeddingNorm: Norm, layers: [Layer]
    ) {
        self.width = width
        self.innerWidth = innerWidth
        self.heads = heads
        self.activation = activation
        self.epsilon = epsilon
        self.firstPosition = firstPosition
        self.words = words
        self.positions = positions
        self.rotation = rotation
        self.type = type
        self.embeddingNorm = embeddingNorm
        self.layers = layers
    }
}
