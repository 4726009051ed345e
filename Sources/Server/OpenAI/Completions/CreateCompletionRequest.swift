import Inference
import Runners

/// The body of `POST /v1/completions`. Each field's rule is the line that reads it.
struct CreateCompletionRequest: Decodable, Sendable {
    /// Where a request does not say, as in OpenAI's API.
    static let defaultMaximumTokens = 16

    let model: String
    let prompt: TextInputs?
    let n: Int
    let bestOf: Int?
    let echo: Bool
    /// How many of the most likely tokens are wanted beside each token's log-probability.
    let logprobs: Int?
    let maxTokens: Int
    let stop: StopSequences?
    let stream: Bool
    let streamOptions: ChatCompletionStreamOptions?
    let sampling: SamplingParameters
    let keepAlive: KeepAlive?

    private enum CodingKeys: String, CodingKey {
        case model, prompt, n, echo, logprobs, stop, stream, suffix, user, grammar
        case bestOf = "best_of"
        case maxTokens = "max_tokens"
        case streamOptions = "stream_options"
        case responseFormat = "response_format"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.prompt, TextInputs.expected)
        model = fields.requiredText(.model)
        prompt = fields.object(.prompt, as: TextInputs.self)

        sampling = try SamplingFields(from: decoder).parameters

        logprobs = fields.integer(.logprobs, in: 0...20)
        stop = fields.object(.stop, as: StopSequences.self)
        echo = fields.flag(.echo) ?? false
        maxTokens = fields.integer(.maxTokens, in: 0 ... .max) ?? Self.defaultMaximumTokens
        if maxTokens == 0, !echo {
            fields.fault(.outOfRange, .maxTokens, "0 generates nothing, and is only allowed where `echo` is true")
        }
        stream = fields.flag(.stream) ?? false
        streamOptions = fields.object(.streamOptions, as: ChatCompletionStreamOptions.self)
        if fields.isPresent(.streamOptions), !stream {
            fields.fault(.invalidValue, .streamOptions, "is only allowed where `stream` is true")
        }
        n = fields.integer(.n, in: 1...8) ?? 1
        bestOf = fields.integer(.bestOf, in: 1...8)
        Self.checkBest(of: bestOf, of: n, isStream: stream, fields)

        keepAlive = try KeepAliveField(from: decoder).time
        _ = fields.text(.user)
        // An empty suffix asks for nothing.
        if let suffix = fields.text(.suffix), !suffix.isEmpty { fields.refuse(.suffix) }
        fields.refuse(.grammar)
        fields.refuse(.responseFormat)
    }

    private static func checkBest(of best: Int?, of n: Int, isStream: Bool, _ fields: FieldReader<CodingKeys>) {
        guard let best else { return }
        if best < n { fields.fault(.outOfRange, .bestOf, "expected at least `n`, which is \(n), found \(best)") }
        if best > n, isStream {
            fields.fault(.invalidValue, .bestOf, "is only allowed to be more than `n` where `stream` is false")
        }
    }
}
