import CWhisper

/// Which heads of the decoder's cross-attention tell when a word is spoken, as whisper.cpp has to be told of a model.
package struct AlignmentHeads: Sendable, Equatable {
    /// Sets of heads that OpenAI has published for its models; by the model's sizes.
    package enum Choice: Sendable, Equatable {
        case published(Published)
        /// All heads of so many of the last layers, as OpenAI's program does for a model that it does not know.
        case lastLayers(Int)
    }

    package enum Published: Sendable, Equatable {
        case tinyEnglish, tiny, baseEnglish, base, smallEnglish, small, mediumEnglish, medium, largeV2, largeV3, turbo
    }

    package let choice: Choice
    /// How many heads these are at most.
    private let count: Int
    private let audioPositions: Int

    package init(_ header: ModelHeader) {
        audioPositions = header.audioPositions
        if let published = Self.published(header) {
            choice = .published(published)
            count = Self.mostPublished
        } else {
            let layers = max(1, header.textLayers / 2)
            choice = .lastLayers(layers)
            count = layers * header.textHeads
        }
    }

    /// The published sets have 6 to 23 heads.
    private static let mostPublished = 23

    /// Large-v1 has the sizes of large-v2; the later is the one that is in use.
    private static func published(_ header: ModelHeader) -> Published? {
        switch (header.audioLayers, header.textLayers, header.isMultilingual) {
        case (4, 4, false): .tinyEnglish
        case (4, 4, true): .tiny
        case (6, 6, false): .baseEnglish
        case (6, 6, true): .base
        case (12, 12, false): .smallEnglish
        case (12, 12, true): .small
        case (24, 24, false): .mediumEnglish
        case (24, 24, true): .medium
        case (32, 32, true): header.melBands == 128 ? .largeV3 : .largeV2
        case (32, 4, true): .turbo
        default: nil
        }
    }

    /// The most text tokens that a window is written with, and what stands around them.
    private static let tokens = 232

    /// Bytes that whisper.cpp's alignment works in: the heads' weights, some copies of them, and the path's costs.
    /// Too few of them make it abort; those that it does not touch cost nothing.
    package var workingBytes: Int { count * Self.tokens * audioPositions * 4 * 6 + (64 << 20) }

    func apply(to parameters: inout whisper_context_params) {
        parameters.dtw_token_timestamps = true
        parameters.dtw_mem_size = workingBytes
        switch choice {
        case .lastLayers(let count):
            parameters.dtw_aheads_preset = WHISPER_AHEADS_N_TOP_MOST
            parameters.dtw_n_top = Int32(count)
        case .published(let published):
            parameters.dtw_aheads_preset = published.preset
        }
    }
}

extension AlignmentHeads.Published {
    var preset: whisper_alignment_heads_preset {
        switch self {
        case .tinyEnglish: WHISPER_AHEADS_TINY_EN
        case .tiny: WHISPER_AHEADS_TINY
        case .baseEnglish: WHISPER_AHEADS_BASE_EN
        case .base: WHISPER_AHEADS_BASE
        case .smallEnglish: WHISPER_AHEADS_SMALL_EN
        case .small: WHISPER_AHEADS_SMALL
        case .mediumEnglish: WHISPER_AHEADS_MEDIUM_EN
        case .medium: WHISPER_AHEADS_MEDIUM
        case .largeV2: WHISPER_AHEADS_LARGE_V2
        case .largeV3: WHISPER_AHEADS_LARGE_V3
        case .turbo: WHISPER_AHEADS_LARGE_V3_TURBO
        }
    }
}
