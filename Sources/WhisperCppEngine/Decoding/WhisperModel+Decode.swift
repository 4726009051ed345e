import CWhisper
import Inference

extension WhisperModel {
    /// Beams that whisper.cpp can follow.
    package static let maximumBeams = 8

    /// Candidates that are drawn where the temperature is not 0, as in OpenAI's program.
    private static let candidates: Int32 = 5
    private static let temperatureStep: Float = 0.2

    /// Writes one window down: whisper.cpp's own decoding, with its fallback to higher temperatures, stopped before it
    /// begins the next window.
    ///
    /// - Throws: ``Inference/InferenceError``; `CancellationError` where it was cancelled meanwhile.
    package func decode(_ window: Window, _ cancellation: Cancellation) throws -> DecodedWindow {
        let (context, state) = try handles(aligningWords: window.alignsWords)
        let watch = WindowWatch(cancellation)
        var parameters = Self.parameters(window)
        watch.attach(to: &parameters)
        let code = withExtendedLifetime(watch) {
            window.language.withCString { language in
                window.past.withUnsafeBufferPointer { past in
                    window.samples.withUnsafeBufferPointer { samples in
                        parameters.language = language
                        parameters.prompt_tokens = past.baseAddress
                        parameters.prompt_n_tokens = Int32(past.count)
                        return whisper_full_with_state(
                            context, state, parameters, samples.baseAddress, Int32(samples.count))
                    }
                }
            }
        }
        if code == Self.outOfMemory { stateIsGone() }
        if cancellation.isCancelled { throw CancellationError() }
        guard code == 0 else { throw InferenceError(.internal, "whisper.cpp failed with code \(code).") }
        return DecodedWindow(context, state, window, watch)
    }

    /// The code after which whisper.cpp's state is freed.
    private static let outOfMemory: Int32 = -7

    private static func parameters(_ window: Window) -> whisper_full_params {
        let searches = window.beamSize > 1
        var parameters = whisper_full_default_params(
            searches ? WHISPER_SAMPLING_BEAM_SEARCH : WHISPER_SAMPLING_GREEDY)
        parameters.n_threads = Int32(window.threads)
        parameters.translate = window.translates
        // What was written before is given with each window.
        parameters.no_context = true
        parameters.print_progress = false
        parameters.print_timestamps = false
        // As OpenAI's program does unless told otherwise: no brackets, notes and the like.
        parameters.suppress_nst = true
        // whisper.cpp divides by it, and makes no numbers of the smallest.
        parameters.temperature = window.temperature > 0 ? max(window.temperature, 1e-3) : 0
        parameters.temperature_inc = temperatureStep
        parameters.greedy.best_of = candidates
        parameters.beam_search.beam_size = Int32(window.beamSize)
        return parameters
    }

    /// The temperature of an attempt, counted from 1.
    static func temperature(_ first: Float, attempt: Int) -> Float {
        first + Float(max(0, attempt - 1)) * temperatureStep
    }
}

extension DecodedWindow {
    fileprivate init(
        _ context: OpaquePointer, _ state: OpaquePointer, _ window: Window, _ watch: WindowWatch
    ) {
        let segments = (0..<whisper_full_n_segments_from_state(state)).map { index in
            let tokens = (0..<whisper_full_n_tokens_from_state(state, index)).map { position in
                Token(context, whisper_full_get_token_data_from_state(state, index, position), window.alignsWords)
            }
            return Segment(
                start: Int(whisper_full_get_segment_t0_from_state(state, index)),
                end: Int(whisper_full_get_segment_t1_from_state(state, index)),
                text: whisper_full_get_segment_text_from_state(state, index).map { String(cString: $0) } ?? "",
                tokens: tokens)
        }
        let advance = WindowAdvance(
            firstTimestamp: whisper_token_beg(context), length: Int(whisper_n_len_from_state(state)))
        self.init(
            segments: segments, firstTimestamp: whisper_token_beg(context),
            temperature: WhisperModel.temperature(window.temperature, attempt: watch.attempts),
            noSpeechProbability: segments.isEmpty ? 1 : whisper_full_get_segment_no_speech_prob_from_state(state, 0),
            advance: advance.hundredths(after: segments.flatMap(\.tokens).map(\.id), percent: watch.percentDone))
    }
}

extension DecodedWindow.Token {
    fileprivate init(_ context: OpaquePointer, _ token: whisper_token_data, _ isAligned: Bool) {
        let isText = token.id < whisper_token_eot(context)
        self.init(
            id: token.id, probability: token.p, logprob: token.plog, bytes: [],
            end: isText && isAligned && token.t_dtw >= 0 ? Int(token.t_dtw) : nil)
        if isText, let text = whisper_token_to_str(context, token.id) {
            bytes = sequence(first: text) { $0 + 1 }.prefix { $0.pointee != 0 }.map { UInt8(bitPattern: $0.pointee) }
        }
    }
}
