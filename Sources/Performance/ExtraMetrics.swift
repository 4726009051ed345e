/// What a measurement found beside times: some of it whatever the model does, the rest by what it does.
public struct ExtraMetrics: Codable, Sendable, Equatable {
    /// The work of one trial, in words.
    public var work: String
    /// What computed, such as `cpu`.
    public var device: String
    /// Threads that computed.
    public var threads: Int
    /// The most memory that the model's process has had resident since its start, in bytes; `nil` where the system does
    /// not tell.
    public var peakMemoryBytes: Int?
    /// Of the trials' times in seconds.
    public var executionTime: Spread?
    /// Of the work; a value for each trial, in their order. Those that the model has no use for are `nil`.
    public var series: [PerformanceMetric: [Double]]

    public init(
        work: String, device: String, threads: Int, peakMemoryBytes: Int?, executionTime: Spread?,
        series: [PerformanceMetric: [Double]]
    ) {
        self.work = work
        self.device = device
        self.threads = threads
        self.peakMemoryBytes = peakMemoryBytes
        self.executionTime = executionTime
        self.series = series
    }

    private enum CodingKeys: String, CodingKey {
        case work, device, threads
        case peakMemoryBytes = "peak_memory_bytes"
        case executionTime = "execution_time"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        work = try container.decode(String.self, forKey: .work)
        device = try container.decode(String.self, forKey: .device)
        threads = try container.decode(Int.self, forKey: .threads)
        peakMemoryBytes = try container.decodeIfPresent(Int.self, forKey: .peakMemoryBytes)
        executionTime = try container.decodeIfPresent(Spread.self, forKey: .executionTime)
        let metrics = try decoder.container(keyedBy: PerformanceMetric.self)
        series = [:]
        for metric in PerformanceMetric.allCases {
            series[metric] = try metrics.decodeIfPresent([Double].self, forKey: metric)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(work, forKey: .work)
        try container.encode(device, forKey: .device)
        try container.encode(threads, forKey: .threads)
        try container.encode(peakMemoryBytes, forKey: .peakMemoryBytes)
        try container.encodeIfPresent(executionTime, forKey: .executionTime)
        var metrics = encoder.container(keyedBy: PerformanceMetric.self)
        for (metric, values) in series { try metrics.encode(values.map { $0.rounded(to: 6) }, forKey: metric) }
    }
}

/// What is told of each trial. Named as in the API.
public enum PerformanceMetric: String, Codable, CodingKey, CaseIterable, Sendable {
    /// Chat: seconds from the request to the first text of the answer.
    case timeToFirstToken = "time_to_first_token"
    /// Chat: tokens of the answer behind the first, over the seconds from the first text to the end.
    case tokensPerSecond = "tokens_per_second"
    /// Chat: tokens of the prompt that were computed, over the seconds to the first text.
    case promptTokensPerSecond = "prompt_tokens_per_second"
    /// Chat and embeddings: tokens that the model read.
    case promptTokens = "prompt_tokens"
    /// Chat: how many of them were in the cache.
    case cachedPromptTokens = "cached_prompt_tokens"
    /// Chat: tokens of the answer.
    case completionTokens = "completion_tokens"
    /// Embeddings.
    case textsPerSecond = "texts_per_second"
    /// Embeddings, by models that see.
    case imagesPerSecond = "images_per_second"
    /// Transcription: seconds of work for a second of sound; below 1 is faster than it was spoken.
    case realTimeFactor = "real_time_factor"
    /// Image variations: millions of pixels of the enlarged picture a second.
    case megapixelsPerSecond = "megapixels_per_second"

    /// Whether it says how fast the model is, and not how much there was to do.
    public var isSpeed: Bool {
        switch self {
        case .promptTokens, .cachedPromptTokens, .completionTokens: false
        default: true
        }
    }
}
