import Inference

/// The routes of a runner's socket. Bodies are JSON, lines of JSON, or a line of JSON and raw bytes.
///
/// | route | request | reply |
/// |---|---|---|
/// | `GET /description` | | ``Inference/EngineDescription`` |
/// | `GET /statistics` | | ``Inference/EngineStatistics`` |
/// | `PUT /threads` | `{"count": n}` | |
/// | `POST /generation` | ``Inference/GenerationRequest``, framed where it has attachments | one event a line |
/// | `POST /embeddings` | framed: what is wanted, then the inputs | framed: lengths, float32 vectors |
/// | `POST /transcription` | ``Inference/TranscriptionRequest`` and the path of a file | one event a line |
/// | `POST /upscaling` | the picture's file | framed: size, PNG file |
///
/// An error before the reply began has a status of 400 or above and an ``Inference/InferenceError`` as its body.
/// Closing the connection cancels the work.
enum RunnerRoute {
    static let description = "/description"
    static let statistics = "/statistics"
    static let threads = "/threads"
    static let generation = "/generation"
    static let embeddings = "/embeddings"
    static let transcription = "/transcription"
    static let upscaling = "/upscaling"

    struct Threads: Codable {
        var count: Int
    }

    /// A generation whose attachments have no bytes; they are the payload, one after the other.
    struct GenerationInputs: Codable {
        var request: GenerationRequest
        /// Bytes of each attachment, in order.
        var attachments: [Int]
    }

    /// The payload is the inputs, one after the other: see ``EmbeddingInputKind``.
    struct EmbeddingInputs: Codable {
        /// How many inputs there are.
        var count: Int
        var dimensions: Int?
        var truncation: EmbeddingRequest.Truncation
    }

    struct Vectors: Codable {
        var dimensions: Int
        var promptTokens: Int
    }

    struct PictureSize: Codable {
        var width: Int
        var height: Int
    }

    /// The file itself does not travel: both ends are on one machine, and sounds are large.
    struct Transcription: Codable {
        var request: TranscriptionRequest
        /// A path; the runner has the file open when its reply begins, which may then be removed.
        var file: String
    }
}
