/// What the engine has to know of a Whisper model beside its graphs: `whisper.json`.
struct WhisperDescription: DescriptionFile {
    private var melBands: Int
    private var audioPositions: Int
    private var textPositions: Int
    private var width: Int
    private var heads: Int
    private var encoderLayers: Int
    private var decoderLayers: Int
    private var vocabulary: Int
    private var isMultilingual: Bool
    private var tokens: WhisperVocabulary.Tokens
    /// Those the model was trained on, in the order of their tokens.
    private var languages: [String]
    private var firstLanguage: Int
    private var suppressed: [Int]
    private var suppressedAtBeginning: [Int]
    /// Pairs of layer and head, in the order of the aligner's result.
    private var alignmentHeads: [[Int]]

    static let fileName = "whisper.json"

    /// The vocabularies of multilingual models have at least this size; OpenAI's reference tells them by it.
    private static let leastMultilingual = 51865

    init(
        _ dimensions: WhisperDimensions, _ vocabulary: WhisperVocabulary, _ generation: WhisperGeneration,
        alignmentHeads: [WhisperHead]
    ) {
        melBands = dimensions.melBands
        audioPositions = dimensions.audioPositions
        textPositions = dimensions.textPositions
        width = dimensions.width
        heads = dimensions.heads
        encoderLayers = dimensions.encoderLayers
        decoderLayers = dimensions.decoderLayers
        self.vocabulary = dimensions.vocabulary
        isMultilingual = generation.isMultilingual ?? (dimensions.vocabulary >= Self.leastMultilingual)
        tokens = vocabulary.tokens
        // English-only models have the tokens of all languages too, but never learnt them.
        languages = isMultilingual ? vocabulary.languages : ["en"]
        firstLanguage = vocabulary.firstLanguage
        suppressed = generation.suppressed(below: dimensions.vocabulary)
        suppressedAtBeginning = generation.suppressedAtBeginning(below: dimensions.vocabulary)
        self.alignmentHeads = alignmentHeads.map { [$0.layer, $0.head] }
    }
}
